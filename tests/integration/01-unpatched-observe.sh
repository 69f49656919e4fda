#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 7.3
# machine: pci
# On a kernel without admin_state the daemon observes, and changes nothing.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
path=$(path_of "${ctrls[0]}" 1)
daemon_start
before=$(picture)
check_exit "status says what the kernel lacks" 0 admin_state nvmpathctl status
check_exit "list works" 0 "$path" nvmpathctl list path
check_exit "tree works" 0 "$path" nvmpathctl tree
check_exit "stats work" 0 "" nvmpathctl stats
check "status --json is JSON" sh -c 'nvmpathctl --json=short status | python3 -m json.tool'
check_exit "hold ends with 8" 8 admin_state nvmpathctl hold "$path"
check_exit "drain ends with 8" 8 "" nvmpathctl drain "$path"
check_exit "remove of a path ends with 8" 8 "" nvmpathctl remove "$path"
check_exit "remove of a controller ends with 8" 8 "" nvmpathctl remove "${ctrls[0]}"
check_equal "nothing changed" "$before" "$(picture)"
