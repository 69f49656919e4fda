#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched-kasan 7.3-patched-kasan
# machine: pci
# Removals, rescans and resets for LAB_SOAK seconds under the checkers.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
daemon_start
load_start --threads=2
end=$((SECONDS + LAB_SOAK)) n=0
while [ $SECONDS -lt $end ]; do
	ctrl=${ctrls[n % 2]}
	path=$(path_of "$ctrl" 1)
	nvmpathctl remove "$path" >/tmp/ctl.log 2>&1 || { not_ok "remove $path"; cat /tmp/ctl.log; break; }
	nvmpathctl restore "$path" >/tmp/ctl.log 2>&1 || { not_ok "restore $path"; cat /tmp/ctl.log; break; }
	nvme ns-rescan "/dev/$ctrl"
	if [ $((n % 3)) = 2 ]; then
		echo 1 >"/sys/class/nvme/$ctrl/reset_controller"
		wait_for 60 controllers_live || { not_ok "reset $ctrl"; break; }
	fi
	n=$((n + 1))
done
load_stop
check "something was done ($n removals)" [ $n -gt 3 ]
check_load "removals, rescans, resets"

note "and abrupt ones"
load_start --threads=2
for i in 0 1 0 1; do
	abrupt_detach "${ctrls[i]}" 1
	wait_for 60 path_gone "${ctrls[i]}" 1
	attach "${ctrls[i]}" 1
	wait_for 60 path_back "${ctrls[i]}" 1
done
load_stop
check_equal "abrupt: no miscompare" 0 "$(load_value miscompares)"
