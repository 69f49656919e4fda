#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# LAB_REMOVALS planned removals, a third under each policy, with the load in its
# asynchronous form: no error, no miscompare, and none in the kernel either.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/failures.sh

mapfile -t ctrls < <(controllers)
count=$((LAB_REMOVALS / 3))
daemon_start
check "failures are traced" failures_start
for policy in numa round-robin queue-depth; do
	set_policy $policy
	load_start
	done=0
	for ((i = 0; i < count; i++)); do
		path=$(path_of "${ctrls[i % 2]}" 1)
		nvmpathctl remove "$path" >/tmp/ctl.log 2>&1 || break
		nvmpathctl restore "$path" >/tmp/ctl.log 2>&1 || break
		wait_for 20 path_back "${ctrls[i % 2]}" 1 || break
		done=$((done + 1))
	done
	load_stop
	check_equal "$policy: removals" $count $done
	check_load "$policy"
	check_equal "$policy: the kernel ended no request with an error" "" "$(failed_requests)"
	failures_forget
done
failures_end
