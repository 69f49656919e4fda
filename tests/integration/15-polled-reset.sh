#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 7.3-patched
# with --all: 6.12-patched 6.12 7.3
# machine: pci
# Polled I/O goes on when the controllers come back from a reset without poll queues.
set -u
. /nvmpath/lab/guest/lib.sh

poll_queues=/sys/module/nvme/parameters/poll_queues
mapfile -t ctrls < <(controllers)

# $1 number of poll queues that both controllers have from here on
reset_with() {
	local c
	echo "$1" >$poll_queues
	for c in "${ctrls[@]}"; do
		echo 1 >"/sys/class/nvme/$c/reset_controller"
		wait_for 30 controllers_live || return 1
		wait_for 20 path_back "$c" 1 || return 1
	done
}

trap 'reset_with 1' EXIT
check "controllers with a poll queue" reset_with 1
set_policy round-robin
load_start --mode=polled
check "they come back without" reset_with 0
sleep 2
load_stop
errors=$(python3 -c 'import json
print(json.load(open("/tmp/load.json"))["errors"])')
reproduced "polled I/O, poll queues gone" "$(load_errors)" 0 "$(load_value ios) I/Os, errors: $errors"
! patched || check_load "polled I/O, poll queues gone"
