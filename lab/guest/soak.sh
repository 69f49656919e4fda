# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What the scenarios under the checkers share; sourced after lib.sh.

# Every attribute that the series adds, as lab/guest/attributes names them. 7.3 has the
# counters of requests by itself.
soak_attributes=(block:{admin_state,path_state,drain_state,bio_redirect_count}
		 block:{command_retries_count,command_error_count,multipath_failover_count}
		 block:{io_requeue_no_usable_path_count,io_fail_no_available_path_count}
		 nvme:{admin_state,event_seq,command_error_count,reset_count}
		 nvme-subsystem:new_path_admin_state)
[ "$LAB_MACHINE" != fabrics ] || soak_attributes+=(nvme:reconnect_count)

# Load, the daemon, and reads of all attributes; soaking says for how long.
soak_start() {
	daemon_start
	rm -f /tmp/soak.end
	/nvmpath/lab/guest/attributes /tmp/soak.end >/tmp/attributes &
	soak_reader=$!
	load_start --threads=2
	soak_until=$((SECONDS + LAB_SOAK))
}

soaking() { [ $SECONDS -lt $soak_until ]; }

# $1 what ran
soak_stop() {
	local name n
	load_stop
	check_load "$1"
	touch /tmp/soak.end
	wait $soak_reader
	for name in "${soak_attributes[@]}"; do
		n=$(sed -n "s/^$name //p" /tmp/attributes)
		check "$name was read meanwhile (${n:-0} times)" [ "${n:-0}" -gt 20 ]
	done
}

# $1 controller: a hold of all of its paths in one write, and its end
soak_hold() {
	echo hold >"/sys/class/nvme/$1/admin_state" || return 1
	echo online >"/sys/class/nvme/$1/admin_state"
}

# $1 controller; true once all are live again
soak_reset() {
	echo 1 >"/sys/class/nvme/$1/reset_controller"
	wait_for 60 controllers_live
}
