#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# machine: pci
# A path comes back held and is released when it has settled. The slowest I/O of
# removals with their restores is told against the slowest of steady state: after each
# cycle the same load runs as long without one, so that extremes of as many I/Os are
# compared. 26-return-latency, which is long, judges that. A scenario that sources this one
# may have a function control_cycle, which runs after each removal for as long.
set -u
. /nvmpath/lab/guest/lib.sh

cycles=${NVMPATH_CYCLES:-3} slowest_events=() slowest_steady=()
# An application's priority: a load below that of udev, systemd and the CLI would wait
# for processors, not for paths.
load_nice=${NVMPATH_LOAD_NICE:-0}
[ -z "${NVMPATH_LOAD:-}" ] || read -ra load_size <<<"$NVMPATH_LOAD"

# $1 when an I/O began (us), $2... "WHAT UNTIL": what was done at that time
phase_of() {
	local at=$1
	shift
	while [ $# -gt 1 ] && [ "$at" -ge "${1##* }" ]; do
		shift
	done
	echo "${1% *}"
}

# $1 number of the cycle: removal and restore under load; sets took_ms
removal_cycle() {
	local ctrl begin removed restored
	ctrl=$(controllers | head -n 1)
	load_start
	begin=${EPOCHREALTIME/./}
	check_exit "cycle $1: remove $ctrl" 0 "" nvmpathctl remove "$ctrl"
	removed=${EPOCHREALTIME/./}
	check_exit "cycle $1: restore it" 0 "" nvmpathctl restore "$ctrl"
	restored=${EPOCHREALTIME/./}
	sleep 1
	took_ms=$(((${EPOCHREALTIME/./} - begin) / 1000))
	load_stop
	check_load "cycle $1"
	slowest_events+=("$(load_value longest_us)")
	note "cycle $1: the slowest I/O, $(load_value longest_us) us, began" \
		"$(phase_of "$(load_value longest_at_us)" "before the removal $begin" \
			"in the removal $removed" "in the restore $restored" "after both -")," \
		"$((($(load_value longest_at_us) - begin) / 1000)) ms from its beginning; removed after" \
		"$(((removed - begin) / 1000)) ms, restored after $(((restored - begin) / 1000)) ms"
}

sleep_ms() { sleep "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"; }

# $1 milliseconds of the same load and nothing else
steady() {
	load_start
	sleep_ms "$1"
	load_stop
	slowest_steady+=("$(load_value longest_us)")
}

# Sets least, middle and most of the numbers given.
spread() {
	local sorted
	mapfile -t sorted < <(printf '%s\n' "$@" | sort -n)
	least=${sorted[0]} middle=${sorted[$# / 2]} most=${sorted[$# - 1]}
}

daemon_start
set_policy round-robin
address=$(cat "/sys/class/nvme/$(controllers | head -n 1)/address")
for ((cycle = 1; cycle <= cycles; cycle++)); do
	removal_cycle "$cycle"
	! declare -F control_cycle >/dev/null || control_cycle "$took_ms"
	steady "$took_ms"
done
check_equal "it is back where it was" "$address" \
	"$(cat "/sys/class/nvme/$(controllers | head -n 1)/address")"
held=$(journalctl -u nvmpathd -o cat --no-pager | grep -c 'online -> hold\|: held -> usable\|returning')
check "paths returned held ($held lines tell of it)" [ "$held" -ge 3 ]
check_equal "nothing is left held" 0 "$(grep -l hold /sys/block/nvme*c*/admin_state | wc -l)"
spread "${slowest_steady[@]}"
base=$most
note "steady state: slowest I/O of each of $cycles spans $least to $most us, the middle one $middle"
noise=$((most * 100 / least)) base_middle=$middle
spread "${slowest_events[@]}"
note "removal and restore, as long: $least to $most us, the middle one $middle"
ratio=$((middle * 100 / base_middle))
note "the middle ones: $ratio % of steady state's; the slowest of all: $((most * 100 / base)) %; spans of steady state differ by up to $noise %"
