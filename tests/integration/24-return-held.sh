#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# machine: pci
# A path comes back held and is released when it has settled. The slowest I/O of a
# removal with its restore against the slowest of steady state around it is told here
# and judged by 26-return-latency, which is long: each is the largest of a few seconds,
# and the same removals gave 42 to 57 ms where steady state gave 15 to 25.
set -u
. /nvmpath/lab/guest/lib.sh

# The longest of a load that ran for some seconds and saw no event.
steady() {
	load_start
	sleep 6
	load_stop
	longest=$(load_value longest_us)
}

daemon_start
set_policy round-robin
mapfile -t ctrls < <(controllers)
address=$(cat "/sys/class/nvme/${ctrls[0]}/address")
steady; base=$longest
for cycle in 1 2 3; do
	ctrl=$(controllers | head -n 1)
	load_start
	check_exit "cycle $cycle: remove $ctrl" 0 "" nvmpathctl remove "$ctrl"
	check_exit "cycle $cycle: restore it" 0 "" nvmpathctl restore "$ctrl"
	sleep 1
	load_stop
	check_load "cycle $cycle"
	event=$(load_value longest_us)
	steady
	[ "$longest" -lt "$base" ] || base=$longest
	note "cycle $cycle: slowest I/O $event us with removal and restore, steady state up to $base us"
	[ "${worst:-0}" -gt "$event" ] || worst=$event
done
check_equal "it is back where it was" "$address" \
	"$(cat "/sys/class/nvme/$(controllers | head -n 1)/address")"
held=$(journalctl -u nvmpathd -o cat --no-pager | grep -c 'online -> hold\|: held -> usable\|returning')
note "worst: $worst us against $base us, $((worst * 100 / base)) %; $held lines of holds"
check "paths returned held" [ "$held" -ge 3 ]
check_equal "nothing is left held" 0 "$(grep -l hold /sys/block/nvme*c*/admin_state | wc -l)"
