# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A controller whose disk is its own: of no multipath subsystem, no path of a head. Machine
# pci; sourced after lib.sh, never run. Not for a kernel with lockdep: PCI hot-plug of 6.12
# takes two of its locks in both orders, and after that report lockdep looks no more.

own='' disk=''

own_plug() {
	local device='"driver": "nvme", "id": "own", "serial": "own", "bus": "port3", "drive": "own"'
	qmp "{\"execute\": \"device_add\", \"arguments\": {$device}}" | grep -q '"return"'
}

own_unplug() { qmp '{"execute": "device_del", "arguments": {"id": "own"}}' | grep -q '"return"'; }

# Its disk is there. Sets own and disk, their names.
own_find() {
	local dir
	for dir in /sys/class/nvme/nvme*; do
		[ "$(tr -d ' ' <"$dir/serial")" = own ] || continue
		own=${dir##*/}
		disk=$(echo "$dir/$own"n*)
		disk=${disk##*/}
		[ -b "/dev/$disk" ] && return
	done
	return 1
}
