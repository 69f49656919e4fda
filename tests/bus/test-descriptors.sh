#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# No descriptor is left to open a path with: that does not say that the path is gone.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }
descriptors() { find "/proc/$daemon/fd" -mindepth 1 2>/dev/null | wc -l; }
held() { grep -lx hold "$T"/sys/class/nvme/nvme*/nvme*/admin_state | wc -l; }
owned() { find "$T/run" -name 'hold-*.json' | wc -l; }
none_held() { manager Release st nvme1 0 >/dev/null; [ "$(held)" = 0 ]; }

start_bus
/usr/bin/python3 -B "$here/large-sysfs.py" "$T/sys" 80
start_daemon
equal "80 paths are held" "" "$(manager Hold sstt nvme1 swap 0 0)"
equal "and on record" "80 80" "$(held) $(owned)"
before=$(descriptors)
equal "and released" "" "$(manager Release st nvme1 0)"
equal "all of them" "0 0" "$(held) $(owned)"
# What it has open for a moment at either time is not ours to count.
few_left() { [ "$(descriptors)" -le $((before + 5)) ]; }
within 5 few_left && ok "no descriptor is left open" || not_ok "$before before, now $(descriptors)"

manager Hold sstt nvme1 swap 0 0 >/dev/null
# As many as it has, and two: its threads want more.
prlimit --pid "$daemon" --nofile=$(($(descriptors) + 2)):
out=$(manager Release st nvme1 0)
case $out in
*"Too many open files"*) ok "a release that cannot open its paths says so" ;;
*) not_ok "release: '$out'" ;;
esac
equal "who is held still has an owner" "$(held)" "$(owned)"
[ "$(held)" -gt 0 ] && ok "some are" || not_ok "none is held: this shows nothing"
prlimit --pid "$daemon" --nofile=1024:
within 10 none_held && ok "then it can be released"
equal "and is off the record" 0 "$(owned)"
finish
