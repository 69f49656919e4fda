# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Requests that end with an error, by the kernel's own word; sourced after lib.sh. The load
# does not hear of all: on 7.3 io_uring tries again what ends with EOPNOTSUPP.

. /nvmpath/lab/guest/faults.sh

failures=/sys/kernel/tracing/instances/failures

# Ends well only if a request that fails is seen.
failures_start() {
	mkdir $failures && echo 4096 >$failures/buffer_size_kb &&
		echo 'status != 0 && qid != 0' >$failures/events/nvme/nvme_complete_rq/filter &&
		echo 'error != 0 && dev != 0' >$failures/events/block/block_rq_complete/filter &&
		echo 1 >$failures/events/nvme/nvme_complete_rq/enable &&
		echo 1 >$failures/events/block/block_rq_complete/enable || return 1
	one_failure
	failed_requests | grep -qx '95 1 1' && [ "$(failed_statuses | not_to_retry)" = 1 ] ||
		{ cat $failures/trace; return 1; }
	failures_forget
}

# A read that whichever path has it answers as a drive that no longer knows the namespace:
# Invalid Field.
one_failure() {
	local c
	for c in $(controllers); do
		inject_once "$(path_of "$c" 1)" 0 0x2
	done
	dd if="/dev/$(head_disk 1)" of=/dev/null bs=4k count=1 iflag=direct
	for c in $(controllers); do
		inject_no_more "$(path_of "$c" 1)"
	done
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
