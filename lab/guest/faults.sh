# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Faults that the kernel injects, what reaches a path, and a target over null_blk.
# For scenarios that look at the kernel alone; sourced after lib.sh, never run.

TRACE=/sys/kernel/tracing
HOST_PATH_ERROR=0x370

# The series is there. A scenario about what it mends says of a kernel without
# it that it fails, and fails itself if that is not so.
kernel_patched() { [ -e "/sys/block/$1/admin_state" ]; }

# ---- one error on a path -----------------------------------------------------

# From here on the path answers a command with a host path error, once.
# $1 path, $2 how many commands are spared before that (default 0), $3 another status, with
# "do not retry"
inject_once() {
	local dir=/sys/kernel/debug/$1/fault_inject
	echo 0 >"$dir/verbose"
	echo $(($# > 2)) >"$dir/dont_retry"
	echo "${3:-$HOST_PATH_ERROR}" >"$dir/status"
	echo $((${2:-0} + 1)) >"$dir/space"
	echo 1 >"$dir/times"
	echo 100 >"$dir/probability"
}

# $1 path
inject_no_more() {
	echo 0 >"/sys/kernel/debug/$1/fault_inject/probability"
	echo 0 >"/sys/kernel/debug/$1/fault_inject/times"
}

# ---- what is sent to the paths -----------------------------------------------

trace_start() {
	mountpoint -q $TRACE || mount -t tracefs tracefs $TRACE
	echo >$TRACE/trace
	echo 1 >$TRACE/events/nvme/nvme_setup_cmd/enable
	echo 1 >$TRACE/events/nvme/nvme_complete_rq/enable
}

trace_stop() {
	echo 0 >$TRACE/events/nvme/enable
	cat $TRACE/trace >/tmp/trace
}

# $1 path: flushes that were sent down it between trace_start and trace_stop
flushes_sent() { grep -c "nvme_setup_cmd:.*disk=$1,.*nvme_cmd_flush" /tmp/trace; }

# $1 path: flushes that it answered with the error
flushes_failed() {
	awk -v disk="disk=$1," -v bad="status=$HOST_PATH_ERROR" '
	index($0, disk) == 0 { next }
	match($0, /qid=[0-9]+, cmdid=[0-9]+/) { id = substr($0, RSTART, RLENGTH) }
	/nvme_setup_cmd:/ { flush[id] = /nvme_cmd_flush/ }
	/nvme_complete_rq:/ && index($0, bad) && flush[id] { n++ }
	END { print n + 0 }' /tmp/trace
}

# The path that the head of namespace 1 uses: the one that a read reaches.
path_in_use() {
	local head c p before after
	head=$(head_disk 1)
	for c in $(controllers); do
		p=$(path_of "$c" 1)
		before=$(requests_of "$p")
		dd if="/dev/$head" of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null
		after=$(requests_of "$p")
		[ "$after" = "$before" ] || echo "$p"
	done | head -n 1
}

# ---- a target over null_blk --------------------------------------------------

NULL_NQN=nqn.2026-01.io.github.nvmpath:null
NULL_CFG=/sys/kernel/config/nvmet/subsystems/$NULL_NQN
NULL_DISK=/dev/nvmpath-null
NULL_DEV=/sys/kernel/config/nullb/${NULL_DISK##*/}
NULL_KEEP_ALIVE=30	# seconds; 0: none is sent

# A namespace of its own over null_blk, behind the first two ports of the lab's
# target. $@ attribute=value of null_blk. From here on the helpers of lib.sh mean
# this subsystem.
null_target() {
	local a i
	mkdir "$NULL_DEV" || return 1
	for a in memory_backed=1 size=128 blocksize=4096 "$@"; do
		echo "${a#*=}" >"$NULL_DEV/${a%%=*}" || return 1
	done
	echo 1 >"$NULL_DEV/power" || return 1
	mkdir "$NULL_CFG" "$NULL_CFG/namespaces/1" || return 1
	echo 1 >"$NULL_CFG/attr_allow_any_host"
	echo $NULL_DISK >"$NULL_CFG/namespaces/1/device_path"
	echo 1 >"$NULL_CFG/namespaces/1/enable" || return 1
	for i in 1 2; do
		ln -s "$NULL_CFG" /sys/kernel/config/nvmet/ports/$i/subsystems/ || return 1
	done
	LAB_NQN=$NULL_NQN
	null_connect
}

null_connect() {
	local i
	for i in 0 1; do
		nvme connect -t tcp -a 127.0.0.1 -s "${LAB_PORTS[i]}" -n $NULL_NQN \
			--hostnqn="$HOST_NQN" --hostid="$HOST_ID" --nr-io-queues=2 \
			--keep-alive-tmo=$NULL_KEEP_ALIVE >/dev/null || return 1
	done
	wait_for 20 null_paths_usable
}

null_paths_usable() {
	local c n=0
	for c in $(controllers); do
		path_back "$c" 1 || return 1
		n=$((n + 1))
	done
	[ $n = 2 ]
}

# The drive loses its power, and what was only in its volatile cache, then it
# gets it back. The host is disconnected; it can look at $NULL_DISK itself.
null_power_cut() {
	echo 0 >"$NULL_DEV/power"
	nvme disconnect -n $NULL_NQN >/dev/null
	echo 0 >"$NULL_CFG/namespaces/1/enable"
	echo 1 >"$NULL_DEV/power"
}

# After that: the namespace is there again, and connected.
null_back() {
	echo 1 >"$NULL_CFG/namespaces/1/enable"
	null_connect
}

null_target_done() {
	local i
	nvme disconnect -n $NULL_NQN >/dev/null
	for i in 1 2; do
		rm -f "/sys/kernel/config/nvmet/ports/$i/subsystems/$NULL_NQN"
	done
	echo 0 >"$NULL_CFG/namespaces/1/enable"
	rmdir "$NULL_CFG/namespaces/1" "$NULL_CFG" "$NULL_DEV"
}
