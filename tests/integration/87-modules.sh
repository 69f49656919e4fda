#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-modules
# machine: pci
# long
# The distribution's own kernel with nothing but its NVMe modules replaced: hold,
# counters, and removals under load; what it says of itself.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
check "the modules say what they are" grep -q nvmpath-modules /sys/module/nvme_core/version
path=$(path_of "${ctrls[0]}" 1)
check_equal "path_state is usable" usable "$(path_state "$path")"
check "counters are there" [ -e "/sys/block/$path/diag/bio_redirect_count" ]
check "no exact drain is claimed" [ ! -e "/sys/block/$path/drain_state" ]
daemon_start
check_exit "doctor names them" 1 "nvmpath's NVMe modules without its block layer" nvmpathctl doctor
for policy in numa round-robin queue-depth; do
	set_policy $policy
	load_start
	for i in 0 1 0 1; do
		path=$(path_of "${ctrls[i]}" 1)
		check_exit "$policy: remove $path" 0 "" nvmpathctl remove "$path"
		check_exit "$policy: restore $path" 0 "" nvmpathctl restore "$path"
		check "$policy: it is usable" wait_for 20 path_back "${ctrls[i]}" 1
	done
	load_stop
	check_load "$policy"
done
