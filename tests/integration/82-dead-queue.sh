#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 6.12-patched 7.3 7.3-patched
# machine: pci
# The dead-queue window, held open: a passthrough command parked with its request
# allocated keeps the path's queue entered, a change of the queue's limits freezes it,
# so what is read sleeps at the queue's door until the removal of the namespace marks
# the disk dead. All of it must come by the other path.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
head=$(head_disk 1)
set_policy numa
nvmpath-stage read "/dev/$head" 4 1 >/dev/null

# Passthrough on a controller's node goes to its only namespace.
for c in "${ctrls[@]}"; do
	abrupt_detach "$c" 2
	wait_for 20 path_gone "$c" 2
done

# The controller whose path the head uses now.
ctrl=''
for c in "${ctrls[@]}"; do
	before=$(requests_of "$(path_of "$c" 1)")
	nvmpath-stage read "/dev/$head" 4 1 >/dev/null
	[ "$(requests_of "$(path_of "$c" 1)")" = "$before" ] || ctrl=$c
done
path=$(path_of "$ctrl" 1)

# The value that is there already: the queue is frozen all the same.
freeze() {
	local kb
	line_of kb "/sys/block/$path/queue/max_sectors_kb"
	echo "$kb" >"/sys/block/$path/queue/max_sectors_kb"
}

# $@ processes
ended() {
	local pid
	for pid in "$@"; do
		! kill -0 "$pid" || return 1
	done
}

sleepers() { grep -lE '__bio_queue_enter|blk_queue_enter' /proc/[0-9]*/task/*/stack 2>/dev/null | wc -l; }

rm -f /tmp/go
nvmpath-stage park-data "/dev/$ctrl" 1 /tmp/go >/tmp/parked 2>&1 &
parked=$!
check "a passthrough command is parked" wait_for 5 grep -q parked /tmp/parked
freeze &
frozen=$!
sleep 1
nvmpath-stage read "/dev/$head" 16 16 >/tmp/reads &
reading=$!
sleep 1
note "$(sleepers) readers sleep at the door of $path"
# By the other controller: before it sends such a command the kernel freezes the
# queues of the controller that it sends it to.
for other in "${ctrls[@]}"; do
	[ "$other" != "$ctrl" ] || continue
	nvme detach-ns "/dev/$other" -n 1 -c "$(cat "/sys/class/nvme/$ctrl/cntlid")" >/dev/null
	nvme ns-rescan "/dev/$ctrl" &
done
# Until the disk is dead; the queue is let go only after that.
wait_for 5 test -s /tmp/reads || sleep 1
touch /tmp/go
check "all of it ends" wait_for 60 ended $parked $frozen $reading
check "the removal goes on, then" wait_for 30 path_gone "$ctrl" 1
reproduced "dead queue, 16 reads" "$(reads_value errors)" 0 "$(cat /tmp/reads)"
for c in "${ctrls[@]}"; do
	for nsid in 1 2; do
		path_of "$c" $nsid >/dev/null || attach "$c" $nsid
	done
done
check "the paths come back" wait_for 20 path_back "$ctrl" 1
