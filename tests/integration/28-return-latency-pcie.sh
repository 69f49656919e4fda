#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# limit: 1500 s
# The goal of 26-return-latency over PCIe with one process of depth 8. Without KVM the
# machine's processors were seen to stand still while one of them scans for a function, so
# there is a third kind of span to tell that from: a function that no path has to do with
# goes and comes back in it, by two writes to sysfs. Without KVM removals are held against
# these spans, too.
set -u
export NVMPATH_LOAD="--threads=1 --depth=8"
slowest_control=()

# Sets the folders of the function behind the port that has no controller, and of its bus:
# virtio's, with a port above it.
find_spare() {
	local dir vendor
	for dir in /sys/bus/pci/devices/*; do
		line_of vendor "$dir/vendor"
		spare=$(readlink -f "$dir")
		bus=$(echo "${spare%/*}"/pci_bus/*)
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
	check_load "a function of no path, gone and back"
	slowest_control+=("$(load_value longest_us)")
}

. /nvmpath/tests/integration/26-return-latency.sh
removals_middle=$middle
spread "${slowest_control[@]}"
control=$((removals_middle * 100 / middle))
note "a function of no path, gone and back: $least to $most us, the middle one $middle"
if [ "$(systemd-detect-virt)" = kvm ]; then
	note "removals against that: $control %"
else
	check "it is within 1.5 times what this emulator takes for any function that goes and comes back ($control %)" \
		[ "$control" -le 150 ]
fi
