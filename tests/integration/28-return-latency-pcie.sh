#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# The goal of 26-return-latency over PCIe with one process of depth 8. An emulator without
# KVM stops all processors while the kernel takes a function away or scans for one, whoever
# asks for it, so that the load's slowest I/O is the emulator's. There the removals are told
# against spans in which a function that no path has to do with goes and comes back, by two
# writes to sysfs; with KVM against steady state, as everywhere.
set -u
export NVMPATH_LOAD="--threads=1 --depth=8" NVMPATH_CYCLES=9
slowest_control=()

# The folder of the function behind the port that has no controller, and of its bus.
find_spare() {
	local dir vendor
	for dir in /sys/bus/pci/devices/*; do
		line_of vendor "$dir/vendor"
		spare=$(readlink -f "$dir")
		bus=$(echo "${spare%/*}"/pci_bus/*)
		# what has a port above it, and is virtio's
		[ "$vendor" = 0x1af4 ] && [ -e "$bus/rescan" ] && [ -e "${spare%/*}/vendor" ] && return
	done
	return 1
}

# $1 milliseconds of the same load, in which that function goes and comes back
control_cycle() {
	local begin rest
	find_spare || { not_ok "there is a function of no path"; return; }
	load_start
	begin=${EPOCHREALTIME/./}
	sleep 0.3
	echo 1 >"$spare/remove"
	[ ! -e "$spare" ] || not_ok "the function of no path went"
	sleep 0.3
	echo 1 >"$bus/rescan"
	[ -e "$spare" ] || not_ok "the function of no path came back"
	rest=$(($1 - (${EPOCHREALTIME/./} - begin) / 1000))
	sleep_ms $((rest > 0 ? rest : 0))
	load_stop
	slowest_control+=("$(load_value longest_us)")
}

. /nvmpath/tests/integration/24-return-held.sh
removals_middle=$middle
spread "${slowest_control[@]}"
control=$((removals_middle * 100 / middle))
note "a function of no path, gone and back: $least to $most us, the middle one $middle"
note "removals against that: $control %; against steady state: $ratio %"
if [ "$(systemd-detect-virt)" = kvm ]; then
	check "the slowest I/O of a removal with its restore is within twice that of steady state ($ratio %)" \
		[ "$ratio" -le 200 ]
else
	check "the slowest I/O of a removal with its restore is within 1.5 times what the emulator takes for any function ($control %)" \
		[ "$control" -le 150 ]
fi
