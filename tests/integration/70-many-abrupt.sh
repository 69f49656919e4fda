#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# LAB_ABRUPT abrupt detaches, a third under each policy, every fifth of them by taking
# the whole PCIe function: no error but those that the device itself returned with "do
# not retry", each listed by status.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
count=$((LAB_ABRUPT / 3))
trace=/sys/kernel/tracing/instances/abrupt

trace_start() {
	mkdir "$trace" && echo 4096 >"$trace/buffer_size_kb" &&
		echo 'status != 0 && qid != 0' >"$trace/events/nvme/nvme_complete_rq/filter" &&
		echo 1 >"$trace/events/nvme/nvme_complete_rq/enable"
}

# "COUNT STATUS" of the failed completions of I/O queues since the last time
statuses() {
	sed -n 's/.*nvme_complete_rq: .* status=\(0x[0-9a-f]*\).*/\1/p' "$trace/trace" |
		sort | uniq -c
	echo >"$trace/trace"
}

# Of "COUNT STATUS" lines: those with DNR (0x4000) that are not path errors (type 3); sets
# unsupported (Invalid Opcode and Field, which are EOPNOTSUPP to an application) and device, all
final() {
	local n status
	unsupported=0 device=0
	while read -r n status; do
		[ $((status & 0x4000)) = 0 ] || [ $((status >> 8 & 7)) = 3 ] && continue
		device=$((device + n))
		case $((status & 0x7ff)) in 1 | 2) unsupported=$((unsupported + n)) ;; esac
	done
}

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

check "failed completions are traced" trace_start
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
	statuses >/tmp/statuses
	final </tmp/statuses
	check_equal "$policy: abrupt ones" $count $done
	check_equal "$policy: no miscompare" 0 "$(load_value miscompares)"
	check "$policy: the load did something ($(load_value ios) I/Os)" \
		[ "$(load_value ios)" -gt 100 ]
	note "$policy: $(load_figures)"
	while read -r n status; do
		note "$policy: $n completions with status $status"
	done </tmp/statuses
	check "$policy: no error but the device's own ($(load_errors) of $device)" \
		[ "$(load_errors)" -le "$device" ]
	check "$policy: and none of another kind than the device's" \
		[ "$(other_errors)" -le $((device - unsupported)) ]
done
rmdir "$trace"
