#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# The last usable path of a namespace is never taken.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
daemon_start
head=$(head_disk 1)
bridge=$(pci_remove "${ctrls[1]}")
check "the other controller is gone" wait_for 20 controller_count 1
sleep 2
path=$(path_of "${ctrls[0]}" 1)
before=$(picture)
check_exit "remove of the last controller: 4, and names the namespace" 4 "$head" \
	nvmpathctl remove "${ctrls[0]}"
check_exit "remove of the last path: 4" 4 "$head" nvmpathctl remove "$path"
check_exit "hold of the last path: 4" 4 "" nvmpathctl hold "$path"
check_exit "drain of the last path: 4" 4 "" nvmpathctl drain "$path"
check_equal "nothing changed" "$before" "$(picture)"
check "the head still reads" dd if="/dev/$head" of=/dev/null bs=4k count=8 iflag=direct
pci_rescan "$bridge"
check "the other controller comes back" wait_for 30 controllers_live

note "a held path is no usable one: the other is the last"
mapfile -t ctrls < <(controllers)
wait_for 20 path_back "${ctrls[1]}" 1
wait_for 20 path_back "${ctrls[1]}" 2
first=$(path_of "${ctrls[0]}" 1)
second=$(path_of "${ctrls[1]}" 1)
echo hold >"/sys/block/$first/admin_state"
sleep 2
check_exit "remove of the only path that is not held: 4" 4 "$head" nvmpathctl remove "$second"
check_equal "it is online" online "$(admin_state "$second")"
echo online >"/sys/block/$first/admin_state"
