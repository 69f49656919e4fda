# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Requests that end with an error, by the kernel's own word; sourced after lib.sh. The load
# does not hear of all: from 7.3 on io_uring tries again what ends with EOPNOTSUPP.

failures=/sys/kernel/tracing/instances/failures

failures_start() {
	mkdir $failures && echo 4096 >$failures/buffer_size_kb &&
		echo 'status != 0 && qid != 0' >$failures/events/nvme/nvme_complete_rq/filter &&
		echo 'error != 0 && dev != 0' >$failures/events/block/block_rq_complete/filter &&
		echo 1 >$failures/events/nvme/nvme_complete_rq/enable &&
		echo 1 >$failures/events/block/block_rq_complete/enable
}

failures_forget() { echo >$failures/trace; }

failures_end() { rmdir $failures; }

# "COUNT STATUS" of what came back from I/O queues with one, whether it is tried again,
# fails over or ends
failed_statuses() {
	sed -n 's/.*nvme_complete_rq: .* status=\(0x[0-9a-f]*\).*/\1/p' $failures/trace |
		sort | uniq -c
}

# "ERRNO REQUESTS BLOCKS" of what ended so; a request may be several I/Os that were merged
failed_requests() {
	sed -n 's/.*block_rq_complete: .* + \([0-9]*\) .*\[-\([0-9]*\)\]$/\1 \2/p' $failures/trace |
		awk '{ n[$2]++; sectors[$2] += $1 } END { for (e in n) print e, n[e], sectors[e] / 8 }'
}

# Of "COUNT STATUS" lines: how many say not to retry (DNR, 0x4000) and are no path errors
# (type 3)
not_to_retry() {
	local n status sum=0
	while read -r n status; do
		[ $((status & 0x4000)) = 0 ] || [ $((status >> 8 & 7)) = 3 ] || sum=$((sum + n))
	done
	echo $sum
}
