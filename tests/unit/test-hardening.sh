#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test-hardening.sh UNIT...: how much each service is shut in, as systemd reckons it.
# What is left open: root (sysfs is root's), the host's network namespace (events
# come nowhere else) and devices, and no IPAddressDeny= (it would cut off
# controllers that are connected from here); in the helper its three capabilities.
set -u
command -v systemd-analyze >/dev/null || exit 77
bad=0
for unit; do
	out=$(systemd-analyze security --offline=yes --no-pager "$unit" 2>&1)
	score=$(sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p' <<<"$out")
	echo "${unit##*/}: exposure ${score:-none}"
	awk -v s="${score:-10}" 'BEGIN { exit !(s <= 1.6) }' || { echo "$out"; bad=1; }
	grep -qx 'StartLimitIntervalSec=0' "$unit" || { echo "it is not always started again"; bad=1; }
	grep -qx 'Restart=always' "$unit" || { echo "it is not started again"; bad=1; }
	grep -qE '^WatchdogSec=' "$unit" || { echo "no watchdog"; bad=1; }
done
grep -qx 'CapabilityBoundingSet=CAP_SYS_ADMIN CAP_SYS_PTRACE CAP_DAC_READ_SEARCH' "$2" ||
	{ echo "the helper has other capabilities than it needs"; bad=1; }
grep -qx 'CapabilityBoundingSet=' "$1" || { echo "the daemon has capabilities"; bad=1; }
exit $bad
