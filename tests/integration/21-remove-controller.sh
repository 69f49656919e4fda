#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# A planned removal of a PCIe controller, and its return.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
daemon_start
load_start
for i in 0 1; do
	ctrl=${ctrls[i]}
	check_exit "remove $ctrl" 0 "" nvmpathctl remove "$ctrl"
	check "it is gone" [ ! -e "/sys/class/nvme/$ctrl" ]
	check_exit "restore $ctrl" 0 "" nvmpathctl restore "$ctrl"
	check "two controllers are live again" wait_for 30 controllers_live
	mapfile -t ctrls < <(controllers)
	for nsid in 1 2; do
		check "namespace $nsid is usable there" wait_for 20 path_back "${ctrls[i]}" $nsid
	done
done
load_stop
check_load "controller removed and back"
