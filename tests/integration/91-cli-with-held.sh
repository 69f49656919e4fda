#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# machine: pci
# long
# with-held gives back what its command took away, and show tells of it.
set -u
. /nvmpath/lab/guest/lib.sh

ctl() { nvmpathctl "$@"; }
field() { ctl list "$1" --no-legend -o "$2"; }

daemon_start
ctrl=$(field controller controller | head -n 1)
path=$(field path path | head -n 1)
load_start

check_exit "with-held restores the path that its command removed" 3 "^Restored $path" \
	nvmpathctl with-held "$path" -- sh -c "nvmpathctl remove $path; exit 3"
check_exit "all paths are usable" 0 '^OK: 4 of 4' ctl
check_exit "with-held restores the controller that its command removed" 0 "^Restored $ctrl" \
	nvmpathctl with-held "$ctrl" -- nvmpathctl remove "$ctrl"
check_exit "all paths are usable again" 0 '^OK: 4 of 4' ctl

ctl hold "$path" --reason='cable swap' -q
check_exit "show says what may be done" 0 "may be done: nvmpathctl release $path" ctl show "$path"
check_exit "and what happened" 0 'last events: .*' ctl show "$path"
ctl show "$path"
ctl release "$path" -q
# the path changed often by now, which is a warning
check_exit "doctor knows that we are root, and of udev" 1 'you are root' ctl doctor

load_stop
check_load "with-held"
