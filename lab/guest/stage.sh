# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The windows of a namespace's removal, held open, on the machine with PCIe
# controllers; sourced after lib.sh.

# Name of the controller whose path the head of namespace 1 uses now.
active_controller() {
	local c before head
	head=$(head_disk 1)
	# A path that was never in use is not the current one: read first.
	nvmpath-stage read "/dev/$head" 4 1 >/dev/null
	for c in $(controllers); do
		before=$(requests_of "$(path_of "$c" 1)")
		nvmpath-stage read "/dev/$head" 4 1 >/dev/null
		[ "$(requests_of "$(path_of "$c" 1)")" = "$before" ] || { echo "$c"; return; }
	done
	return 1
}

# $@ processes: none of them is there any more
ended() {
	local pid
	for pid in "$@"; do
		! kill -0 "$pid" || return 1
	done
}

# The value that is there already: the queue is frozen all the same. $1 path
freeze_queue() {
	local kb
	line_of kb "/sys/block/$1/queue/max_sectors_kb"
	echo "$kb" >"/sys/block/$1/queue/max_sectors_kb"
}

# Nobody can enter the queue of path 1 of controller $1 any more, and its freezing does
# not come to an end: a command parked with its request allocated keeps it entered.
# Ends with dead_queue_close.
dead_queue_open() {
	local c
	# Passthrough on a controller's node goes to its only namespace.
	for c in $(controllers); do
		abrupt_detach "$c" 2
		wait_for 20 path_gone "$c" 2
	done
	rm -f /tmp/go
	nvmpath-stage park-data "/dev/$1" 1 /tmp/go >/tmp/parked 2>&1 &
	dead_queue=($!)
	check "a passthrough command is parked" wait_for 5 grep -q parked /tmp/parked
	freeze_queue "$(path_of "$1" 1)" &
	dead_queue+=($!)
	sleep 1
}

# How many sleep at a queue's door
door_sleepers() {
	grep -lE '__bio_queue_enter|blk_queue_enter' /proc/[0-9]*/task/*/stack 2>/dev/null | wc -l
}

# Removes namespace 1 from controller $1, whose disk is dead then, its queue still
# entered. By the other controller: before it sends such a command the kernel freezes
# the queues of the controller that it sends it to.
dead_queue_remove() {
	local other
	for other in $(controllers); do
		[ "$other" != "$1" ] || continue
		nvme detach-ns "/dev/$other" -n 1 -c "$(cat "/sys/class/nvme/$1/cntlid")" >/dev/null
		nvme ns-rescan "/dev/$1" &
		dead_queue+=($!)
	done
}

# Lets the parked command go on, and with it the removal from controller $1.
dead_queue_close() {
	touch /tmp/go
	check "all of it ends" wait_for 60 ended "${dead_queue[@]}"
	check "the removal goes on, then" wait_for 30 path_gone "$1" 1
}

# The paths that were taken away come back.
dead_queue_restore() {
	local c nsid
	for c in $(controllers); do
		for nsid in 1 2; do
			path_of "$c" $nsid >/dev/null || attach "$c" $nsid
		done
	done
	for c in $(controllers); do
		check "the path of $c comes back" wait_for 20 path_back "$c" 1
	done
}
