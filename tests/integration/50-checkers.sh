#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched-kasan 7.3-patched-kasan 6.12-patched-kcsan 7.3-patched-kcsan
# machine: pci
# Removals, rescans, resets and holds for LAB_SOAK seconds under the checkers, while all
# that the series adds to sysfs is read.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/soak.sh

mapfile -t ctrls < <(controllers)
soak_start
n=0
while soaking; do
	ctrl=${ctrls[n % 2]}
	path=$(path_of "$ctrl" 1)
	nvmpathctl remove "$path" >/tmp/ctl.log 2>&1 || { not_ok "remove $path"; cat /tmp/ctl.log; break; }
	nvmpathctl restore "$path" >/tmp/ctl.log 2>&1 || { not_ok "restore $path"; cat /tmp/ctl.log; break; }
	nvme ns-rescan "/dev/$ctrl"
	case $((n % 3)) in
	1) soak_hold "$ctrl" || { not_ok "hold $ctrl"; break; } ;;
	2) soak_reset "$ctrl" || { not_ok "reset $ctrl"; break; } ;;
	esac
	n=$((n + 1))
done
check "something was done ($n removals)" [ $n -gt 3 ]
soak_stop "removals, rescans, resets, holds"

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
