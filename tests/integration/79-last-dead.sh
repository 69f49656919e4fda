#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 6.12-patched 7.3 7.3-patched
# machine: pci
# long
# The controller of the last path dies: its registers read all ones, so its reset fails.
# What was in flight waits for the end of that reset; it must not wait for ever then.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
ctrl=${ctrls[1]} head=$(head_disk 1)
device=$(readlink -f "/sys/class/nvme/$ctrl/device")
port=${device%/*}
# A request that is lost is missed after this; the default is 30 s.
echo 3000 >"/sys/block/$(path_of "$ctrl" 1)/queue/io_timeout"
load_start
pci_remove "${ctrls[0]}" >/dev/null
check "one controller is left" wait_for 20 controller_count 1
sleep 1
pci_decoding "$port" 0
check "$ctrl is dead: the kernel gives it up" wait_for 60 grep -qx dead "/sys/class/nvme/$ctrl/state"
sleep 2
load_stop
check_equal "no miscompare" 0 "$(load_value miscompares)"
check "the load did something" [ "$(load_value ios)" -gt 100 ]
reproduced "the last controller dies: I/O that neither ends nor fails" "$(load_value stuck)" 0 \
	"$(load_value stuck) stuck, $(load_figures)"
pci_decoding "$port" 1
echo 1 >"$device/remove"
check "the head goes" wait_for 20 [ ! -e "/sys/block/$head" ]
