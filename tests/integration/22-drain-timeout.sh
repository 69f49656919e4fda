#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# What does not drain: the time runs out, and it says what is held.
set -u
. /nvmpath/lab/guest/lib.sh

stuck_begin
check_exit "drain runs out of time: 5, and names what is held" 5 "$path" \
	nvmpathctl drain "$path" --timeout=2s
check_equal "it stays held" hold "$(admin_state "$path")"
check_exit "release" 0 "" nvmpathctl release "$path"
check_exit "remove runs out of time: 5" 5 "" nvmpathctl remove "$path" --timeout=2s
check_equal "its hold is undone" online "$(admin_state "$path")"
check "the path is there" path_of "$ctrl" 1
stuck_end "a lost completion"
