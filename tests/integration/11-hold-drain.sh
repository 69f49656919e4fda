#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# hold, release and drain with nvmpathctl, under load.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
path=$(path_of "${ctrls[0]}" 1)
daemon_start
load_start
check_exit "hold" 0 "" nvmpathctl hold "$path" --reason=cable-swap
check_equal "the kernel has it" hold "$(admin_state "$path")"
check_exit "status or show name the reason" 0 cable-swap nvmpathctl show "$path"
check "restart of the daemon" systemctl restart nvmpathd
sleep 1
check_equal "the hold is still there" hold "$(admin_state "$path")"
check_exit "and its reason" 0 cable-swap nvmpathctl show "$path"
check_exit "release" 0 "" nvmpathctl release "$path"
check_equal "the kernel has that" online "$(admin_state "$path")"
check_exit "drain" 0 "" nvmpathctl drain "$path"
check_equal "what is drained stays held" hold "$(admin_state "$path")"
check_equal "nothing is in flight there" "0 0" "$(tr -s ' ' <"/sys/block/$path/inflight" | sed 's/^ //; s/ $//')"
check_exit "release after the drain" 0 "" nvmpathctl release "$path"
check_exit "drain of a controller" 0 "" nvmpathctl drain "${ctrls[1]}"
for nsid in 1 2; do
	check_equal "namespace $nsid is held there" hold \
		"$(admin_state "$(path_of "${ctrls[1]}" $nsid)")"
done
check_exit "release of a controller" 0 "" nvmpathctl release "${ctrls[1]}"
for nsid in 1 2; do
	check_equal "namespace $nsid is online there" online \
		"$(admin_state "$(path_of "${ctrls[1]}" $nsid)")"
done
load_stop
check_load "hold, drain, release"
