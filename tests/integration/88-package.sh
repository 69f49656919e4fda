#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-deb
# machine: pci
# long
# The kernel from the packages that kernel-patch/build --deb makes: what it says of itself,
# that its modules are signed by a key that it knows, and removals under load.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
note "$(uname -rv)"
check "uname -r ends with -nvmpath" sh -c "uname -r | grep -q -- '-nvmpath$'"
check "NVMe is a module" test -e /sys/module/nvme_core/initstate
check_equal "all modules are signed by a key that it knows" 0 "$(cat /proc/sys/kernel/tainted)"
path=$(path_of "${ctrls[0]}" 1)
check "the whole series is there" test -e "/sys/block/$path/drain_state"
daemon_start
load_start
for i in 0 1 0 1; do
	path=$(path_of "${ctrls[i]}" 1)
	check_exit "remove $path" 0 "" nvmpathctl remove "$path"
	check_exit "restore $path" 0 "" nvmpathctl restore "$path"
	check "it is usable" wait_for 20 path_back "${ctrls[i]}" 1
done
load_stop
check_load "removals"
