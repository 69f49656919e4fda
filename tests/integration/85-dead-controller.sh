#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 6.12-patched 7.3 7.3-patched
# machine: pci
# long
# A controller dies under load: its registers read all ones, its doorbells go nowhere.
# First by clearing its own memory decoding, which the kernel's reset sets again, so
# it comes back; then that of the port before it, where it stays dead.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
set_policy round-robin
ctrl=${ctrls[1]}
device=$(readlink -f "/sys/class/nvme/$ctrl/device")
port=${device%/*}
# A request that is lost is missed after this; the default is 30 s.
echo 3000 >"/sys/block/$(path_of "$ctrl" 1)/queue/io_timeout"

not_live() { local state; line_of state "/sys/class/nvme/$ctrl/state"; [ "$state" != live ]; }
resets() { dmesg | grep -c "nvme $ctrl: .*reset"; }
was_reset() { [ "$(resets)" -gt "$before" ]; }

load_start
before=$(resets)
pci_decoding "$device" 0
check "$ctrl is deaf: the kernel notices and resets it" wait_for 60 was_reset
check "that heals it" wait_for 60 path_back "$ctrl" 1
sleep 1
pci_decoding "$port" 0
check "$ctrl is dead: the kernel notices" wait_for 60 not_live
check "and gives it up" wait_for 60 grep -qx dead "/sys/class/nvme/$ctrl/state"
sleep 2
load_stop
check_equal "no miscompare" 0 "$(load_value miscompares)"
check "the load did something" [ "$(load_value ios)" -gt 100 ]
check_equal "nothing is stuck" 0 "$(load_value stuck)"
reproduced "a controller that dies" "$(load_errors)" 0 "$(load_figures)"
pci_decoding "$port" 1
echo 1 >"$device/remove"
echo 1 >"$port/rescan"
check "it comes back" wait_for 40 controllers_live
