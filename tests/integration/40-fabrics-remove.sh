#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: fabrics
# Over fabrics: what can be removed is the controller.
set -u
. /nvmpath/lab/guest/lib.sh

daemon_start
mapfile -t ctrls < <(controllers)
path=$(path_of "${ctrls[0]}" 1)
before=$(picture)
check_equal "four paths" 4 "$(for c in "${ctrls[@]}"; do path_of "$c" 1; done | wc -l)"
check_exit "remove of a single path: 4, naming the controller" 4 "${ctrls[0]}" \
	nvmpathctl remove "$path"
check_equal "nothing was held for it" "$before" "$(picture)"
load_start
check_exit "holding a single path works" 0 "" nvmpathctl hold "$path"
check_exit "and releasing it" 0 "" nvmpathctl release "$path"
check_exit "and draining it" 0 "" nvmpathctl drain "$path"
check_exit "and releasing it then" 0 "" nvmpathctl release "$path"
for port in "${LAB_PORTS[@]}"; do
	ctrl=$(ctrl_by_port "$port")
	check_exit "remove $ctrl (port $port)" 0 "" nvmpathctl remove "$ctrl"
	check "it is gone" controller_count 3
	check_exit "restore $ctrl" 0 "" nvmpathctl restore "$ctrl"
	check "it is back at port $port" wait_for 20 ctrl_by_port "$port"
	check "its path is usable" wait_for 20 path_back "$(ctrl_by_port "$port")" 1
done
load_stop
check_load "four controllers removed and back"
