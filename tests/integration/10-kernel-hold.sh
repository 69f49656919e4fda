#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched 6.12-patched-kasan
# machine: pci
# The kernel's hold, without the daemon.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
a=$(path_of "${ctrls[0]}" 1)
b=$(path_of "${ctrls[1]}" 1)

check_equal "admin_state is online at first" online "$(admin_state "$a")"
check_equal "path_state is usable at first" usable "$(path_state "$a")"
check_equal "admin_state has mode 644" 644 "$(stat -c %a "/sys/block/$a/admin_state")"
for word in "" off Hold holding 1; do
	check_equal "writing '$word' is EINVAL" EINVAL "$(write_path_state "$a" "$word
")"
done
check_equal "hold with a newline is taken" ok "$(write_path_state "$a" "hold
")"
check_equal "it reads hold" hold "$(admin_state "$a")"
check_equal "path_state says held" held "$(path_state "$a")"
check_equal "hold of the last usable path is EBUSY" EBUSY "$(write_path_state "$b" hold)"
check_equal "that one is online" online "$(admin_state "$b")"
check_equal "hold again is no error" ok "$(write_path_state "$a" hold)"

nvme ns-rescan "/dev/${ctrls[0]}"
sleep 1
check_equal "the hold survives a rescan" hold "$(admin_state "$a")"
echo 1 >"/sys/class/nvme/${ctrls[0]}/reset_controller"
check "the controller is live again" wait_for 30 controllers_live
sleep 1
check_equal "the hold survives a reset" hold "$(admin_state "$a")"
check_equal "path_state is held after it" held "$(path_state "$a")"

for policy in numa round-robin queue-depth; do
	set_policy $policy
	load_start
	before=$(requests_of "$a")
	sleep 3
	after=$(requests_of "$a")
	load_stop
	check_equal "$policy never selects a held path" "$before" "$after"
	check_load "$policy with a held path"
done
check_equal "release is taken" ok "$(write_path_state "$a" online)"
set_policy round-robin
load_start
before=$(requests_of "$a")
sleep 2
after=$(requests_of "$a")
load_stop
check "round-robin uses the released path again ($before, then $after)" \
	[ "$after" -gt "$before" ]
check_load "after the release"
