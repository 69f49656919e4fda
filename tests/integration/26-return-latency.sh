#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# limit: 1500 s
# The goal for a path that comes back: the slowest I/O of a removal with its restore within
# twice the slowest of steady state, which is as many I/Os of the same run. Judged by the
# middle one of 27 removals and of 27 spans: the machine holds an I/O up for 50 ms and
# more now and then, in either half, and one of these decides what the extremes say. Of nine,
# the middle ones differed by a third from one run to the next.
# Over PCIe there is a third kind of span: a function that no path has to do with goes and
# comes back in it, by two writes to sysfs. Without KVM the machine's processors were seen
# to stand still while one of them scans for a function. Removals are held against these
# spans, too; and where such a span alone is above twice steady state, the machine cannot
# tell what a removal costs an application, and the goal is not judged.
set -u
export NVMPATH_CYCLES=${NVMPATH_CYCLES:-27}
slowest_control=() with_control=''
[ "$LAB_MACHINE" != pci ] || with_control=yes

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
	[ -n "$with_control" ] || return 0
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

# Sets control, what such a function costs in percent of steady state.
judge_control() {
	local removals=$middle against
	spread "${slowest_control[@]}"
	control=$((middle * 100 / base_middle)) against=$((removals * 100 / middle))
	note "a function of no path, gone and back: $least to $most us, the middle one $middle, $control % of steady state's"
	if [ "$(systemd-detect-virt)" = kvm ]; then
		note "removals against a function of no path: $against %"
	else
		check "it is within 1.5 times what this emulator takes for any function that goes and comes back ($against %)" \
			[ "$against" -le 150 ]
	fi
}

. /nvmpath/tests/integration/24-return-held.sh
control=100
[ -z "$with_control" ] || judge_control
goal="the slowest I/O of a removal with its restore is within twice that of steady state ($ratio %)"
if [ "$ratio" -gt 200 ] && [ "$control" -gt 200 ]; then
	skip "$goal: a function of no path takes $control % on this machine"
else
	check "$goal" [ "$ratio" -le 200 ]
fi
