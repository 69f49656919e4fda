#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# with --all: 7.3-patched
# machine: pci
# long
# From a kernel's event of a path to PropertiesChanged on the bus, against a bare relay
# of the same events: what a machine without KVM can tell of it is the ratio.
set -u
. /nvmpath/lab/guest/lib.sh

count=100
path=$(path_of "$(controllers | head -n 1)" 1)
# $1 match rule: sets median, p99 and slowest, in us
measure() {
	eval "$(nvmpath-relay measure "$1" "$path" "/sys/block/$path/admin_state" $count)"
}

nvmpath-relay tell &
relay=$!
sleep 1
check "the relay tells" measure "type='signal',interface='io.github.nvmpath.Relay'"
kill $relay
relay_median=$median relay_p99=$p99
note "a bare relay: median $median us, 99th percentile $p99 us, slowest $slowest us"
daemon_start
check "the daemon tells" measure "type='signal',member='PropertiesChanged',arg0='io.github.nvmpath1.Path'"
note "the daemon: median $median us, 99th percentile $p99 us, slowest $slowest us"
ratio=$((median * 100 / (relay_median > 0 ? relay_median : 1)))
check "the median is within 10 times the relay's ($ratio %)" [ "$ratio" -le 1000 ]
note "the 99th percentile is $((p99 * 100 / (relay_p99 > 0 ? relay_p99 : 1))) % of the relay's"
check_equal "nothing is left held" 0 "$(grep -l hold /sys/block/nvme*c*/admin_state | wc -l)"
