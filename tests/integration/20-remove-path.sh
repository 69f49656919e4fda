#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# Planned removals of a path, in all modes of the load and all policies.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
daemon_start

# $1 controller
cycle() {
	local path
	path=$(path_of "$1" 1)
	nvmpathctl remove "$path" && path_gone "$1" 1 &&
		nvmpathctl restore "$path" && wait_for 20 path_back "$1" 1
}

# $1 mode, $2 policy
removals() {
	local i
	set_policy "$2"
	load_start --mode="$1"
	for i in 0 1 0 1; do
		check "$1, $2: remove and restore by ${ctrls[i]}" cycle "${ctrls[i]}"
	done
	load_stop
	check_load "$1, $2"
}

removals normal numa
removals normal round-robin
removals normal queue-depth
removals nowait numa
removals polled numa
check_exit "status after it" 0 "" nvmpathctl status
