#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 6.12-patched 7.3 7.3-patched
# machine: pci
# long
# A PCIe controller is unplugged under load (device_del), and plugged in again. QEMU
# presses the slot's attention button; the kernel waits 5 s, then removes the device.
set -u
. /nvmpath/lab/guest/lib.sh

set_policy round-robin

# The lab's controllers are nvme0 and nvme1 to QEMU, on port0 and port1.
del() { qmp "{\"execute\": \"device_del\", \"arguments\": {\"id\": \"$1\"}}"; }
add() {
	qmp "{\"execute\": \"device_add\", \"arguments\": {\"driver\": \"nvme\", \"id\": \"$1\",\
 \"serial\": \"nvmpath0\", \"subsys\": \"subsys0\", \"bus\": \"port${1#nvme}\"}}"
}
# It is gone for QEMU a moment after it is for the kernel: until then its name is taken.
added() { add "$1" | grep -q '"return"'; }

load_start
for id in nvme1 nvme0; do
	check "device_del $id is taken" grep -q '"return"' <(del $id)
	check "the controller goes" wait_for 30 controller_count 1
	sleep 1
	check "device_add $id is taken" wait_for 20 added $id
	# The button again: powering on, too, is put off for 5 s.
	check "it comes back" wait_for 40 controllers_live
	for c in $(controllers); do
		wait_for 5 path_of "$c" 1 || attach "$c" 1
		check "$c has a usable path" wait_for 20 path_back "$c" 1
	done
done
load_stop
check_equal "no miscompare" 0 "$(load_value miscompares)"
check "the load did something" [ "$(load_value ios)" -gt 100 ]
check_equal "nothing is stuck" 0 "$(load_value stuck)"
reproduced "two controllers unplugged" "$(load_errors)" 0 "$(load_figures)"
