#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# LAB_ABRUPT abrupt detaches, a third under each policy, every fifth of them by taking
# the whole PCIe function: no error but those that the device itself returned with "do
# not retry", each listed by status. On 7.3 the application hears of none: io_uring tries
# again what ends with EOPNOTSUPP.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/failures.sh

mapfile -t ctrls < <(controllers)
count=$((LAB_ABRUPT / 3))

# Errors of the application that are not EOPNOTSUPP
other_errors() {
	python3 -c 'import json; e = json.load(open("/tmp/load.json"))["errors"]
print(sum(e.values()) - e.get("EOPNOTSUPP", 0))'
}

detach() { # CONTROLLER
	abrupt_detach "$1" 1 && wait_for 30 path_gone "$1" 1 && attach "$1" 1 &&
		wait_for 30 path_back "$1" 1
}

# The controller gets a name of its own when it is found again.
unplug() { # CONTROLLER
	local bridge nsid c
	bridge=$(pci_remove "$1")
	wait_for 30 controller_count 1 && pci_rescan "$bridge" && wait_for 30 controllers_live ||
		return 1
	mapfile -t ctrls < <(controllers)
	for c in "${ctrls[@]}"; do
		for nsid in 1 2; do
			wait_for 5 path_of "$c" $nsid || attach "$c" $nsid
			wait_for 30 path_back "$c" $nsid || return 1
		done
	done
}

check "failures are traced" failures_start
for policy in numa round-robin queue-depth; do
	set_policy $policy
	load_start
	done=0
	for ((i = 0; i < count; i++)); do
		if [ $((i % 5)) = 4 ]; then
			unplug "${ctrls[i % 2]}" || break
		else
			detach "${ctrls[i % 2]}" || break
		fi
		done=$((done + 1))
	done
	load_stop
	failed_statuses >/tmp/statuses
	failed_requests >/tmp/requests
	failures_forget
	requests=$(awk '{ n += $2 } END { print n + 0 }' /tmp/requests)
	device=$(awk '{ n += $3 } END { print n + 0 }' /tmp/requests)
	unsupported=$(awk '$1 == 95 { n = $3 } END { print n + 0 }' /tmp/requests)
	check_equal "$policy: abrupt ones" $count $done
	check_equal "$policy: no miscompare" 0 "$(load_value miscompares)"
	check "$policy: the load did something ($(load_value ios) I/Os)" \
		[ "$(load_value ios)" -gt 100 ]
	note "$policy: $(load_figures)"
	while read -r n status; do
		note "$policy: $n completions with status $status"
	done </tmp/statuses
	check "$policy: the device said of each failed request not to retry it ($requests)" \
		[ "$requests" -le "$(not_to_retry </tmp/statuses)" ]
	check "$policy: no error but the device's own ($(load_errors) of $device)" \
		[ "$(load_errors)" -le "$device" ]
	check "$policy: and none of another kind than the device's" \
		[ "$(other_errors)" -le $((device - unsupported)) ]
done
failures_end
