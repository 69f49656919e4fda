#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# machine: pci
# A maintenance as an administrator does it, with nothing but nvmpathctl.
set -u
. /nvmpath/lab/guest/lib.sh

ctl() { nvmpathctl "$@"; }
field() { ctl list "$1" --no-legend -o "$2"; }

daemon_start
mapfile -t ctrls < <(field controller controller)
path=$(field path path | head -n 1)
address=$(ctl show "${ctrls[0]}" | sed -n 's/^ *traddr: //p')
load_start

check_exit "status" 0 '^OK: 4 of 4' ctl
check_exit "check" 0 '^OK:' ctl check
check_exit "doctor knows of nothing worse than a note" 0 'protection is full' ctl doctor
check_exit "plan by PCI address" 0 degraded ctl plan "$address"
check_exit "check --survives" 1 '^WARNING: without' ctl check --survives="pci=$address"

check_exit "hold by PCI address" 0 '2 paths' ctl hold "pci=$address" --reason=cable-swap --ttl=10min
check_exit "status says who and why" 0 'HELD by uid 0 "cable-swap"' ctl
check_exit "check is critical on the last path" 2 '^CRITICAL' ctl check
check_exit "plan of the other one would be refused" 4 'last-path' ctl plan "${ctrls[1]}"
check_exit "check --survives of the other one" 2 '^CRITICAL' ctl check --survives="${ctrls[1]}"
check_exit "remove of the other one is refused" 4 'no usable path' ctl remove "${ctrls[1]}"
check_exit "release by PCI address" 0 '' ctl release "$address"

check_exit "hold for a second" 0 'after 1.0 s' ctl hold "$path" --ttl=1s
sleep 2
check_exit "it ended by itself" 0 '^OK:' ctl check

check_exit "with-held runs the command while it is held" 7 'HELD' \
	nvmpathctl with-held "${ctrls[0]}" -- sh -c 'nvmpathctl list path; exit 7'
check_exit "and releases" 0 '^OK:' ctl check

check_exit "remove by PCI address" 0 '^removed' ctl remove "$address" --reason=firmware
check_exit "check without it" 2 '^CRITICAL' ctl check
check_exit "restore" 0 '^restored' ctl restore "pci=$address"
check_exit "check with it" 0 '^OK:' ctl check

check_exit "history tells of the hold and its reason" 0 'cable-swap' ctl history
check_exit "stats --since counts it" 0 ' path ' ctl stats --since=1h
check_exit "top, once" 0 'sorted by condition' ctl top -b -n 1
check_exit "metrics" 0 '^nvmpath_namespace_usable_paths\{.*\} 2$' ctl metrics
check_exit "JSON" 0 '^\{"schema":1,"manager"' ctl status --json=short

load_stop
check_load "a maintenance"
