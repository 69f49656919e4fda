#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test-hardening.sh UNIT: how much the service is shut in, as systemd reckons it.
# What is left open: CAP_SYS_ADMIN (admin commands), root (sysfs is root's), the
# host's network namespace (events come nowhere else) and devices, and no
# IPAddressDeny= (it would cut off controllers that are connected from here).
set -u
command -v systemd-analyze >/dev/null || exit 77
out=$(systemd-analyze security --offline=yes --no-pager "$1" 2>&1)
score=$(sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p' <<<"$out")
echo "exposure: ${score:-none}"
awk -v s="${score:-10}" 'BEGIN { exit !(s <= 1.8) }' || { echo "$out"; exit 1; }
grep -qx 'StartLimitIntervalSec=0' "$1" || { echo "it is not always started again"; exit 1; }
grep -qE '^WatchdogSec=' "$1" || { echo "no watchdog"; exit 1; }
