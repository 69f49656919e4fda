#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 7.3-patched
# with --all: 6.12-patched
# machine: pci
# Targets, plans, holds that end by themselves, and the queue, under load.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
function=$(readlink -f "/sys/class/nvme/${ctrls[0]}/device")
bridge=${function%/*}
function=${function##*/} bridge=${bridge##*/}
daemon_start
check_exit "a plan of a PCI function names what would be left" 0 "single usable path|degraded" \
	nvmpathctl plan "pci=$function"
check_exit "the bridge above it stands for the same" 0 "2 paths: without" \
	nvmpathctl plan "pci=$bridge"
check_exit "what nothing sits behind is no object: 3" 3 "" nvmpathctl plan pci=0000:00:00.0
before=$(picture)
load_start
check_exit "a hold with a time to live" 0 "" nvmpathctl hold "${ctrls[0]}" --ttl=3s
path=$(path_of "${ctrls[0]}" 1)
check_equal "holds" hold "$(admin_state "$path")"
check "and ends by itself" wait_for 10 path_usable "$path"
check_equal "leaving everything as it was" "$before" "$(picture)"
check_exit "a hold for maintenance" 0 "" nvmpathctl remove "pci=$function" --keep-held
check_equal "keeps the paths held" "hold hold" \
	"$(admin_state "$path") $(admin_state "$(path_of "${ctrls[0]}" 2)")"
check_exit "the other one is the last: refused" 4 "" nvmpathctl remove "${ctrls[1]}"
check_exit "even forced" 4 "" nvmpathctl remove "${ctrls[1]}" --force
check_exit "it is released" 0 "" nvmpathctl release "pci=$function"
nvmpathctl drain "$path" >/tmp/first.log 2>&1 &
first=$!
check_exit "removed by its bridge, after or beside a drain" 0 "" nvmpathctl remove "pci=$bridge"
wait $first
check "it is gone" [ ! -e "/sys/class/nvme/${ctrls[0]}" ]
check_exit "and brought back by what was asked for" 0 "" nvmpathctl restore "pci=$bridge"
check "two controllers are live again" wait_for 30 controllers_live
mapfile -t ctrls < <(controllers)
for nsid in 1 2; do
	check "namespace $nsid is usable there" wait_for 20 path_back "${ctrls[0]}" $nsid
done
check_equal "nothing is left held" 0 "$(grep -l hold /sys/block/nvme*c*/admin_state | wc -l)"
load_stop
check_load "targets"
