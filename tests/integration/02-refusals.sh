#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# What nvmpathctl refuses, with which exit code, changing nothing.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
head=$(head_disk 1)
path=$(path_of "${ctrls[0]}" 1)
daemon_start
check_exit "status sees all of it" 0 "" nvmpathctl status
before=$(picture)
check_exit "hold nosuch: 3" 3 nosuch nvmpathctl hold nosuch
check_exit "remove of a head: 2, with the paths' names" 2 "$path" nvmpathctl remove "$head"
check_exit "hold of a head: 2" 2 "" nvmpathctl hold "$head"
check_exit "no verb of that name: 2" 2 "" nvmpathctl nosuchverb
check_exit "without permission: 6" 6 "" setpriv --reuid=65534 --regid=65534 --clear-groups \
	nvmpathctl hold "$path"
check_exit "reading needs no permission" 0 "" setpriv --reuid=65534 --regid=65534 \
	--clear-groups nvmpathctl status
check_equal "nothing changed" "$before" "$(picture)"

systemctl mask --runtime --now nvmpathd >/dev/null 2>&1
check_exit "daemon not running: 7" 7 "" nvmpathctl status
check_exit "daemon not running, hold: 7" 7 "" nvmpathctl hold "$path"
check_equal "the message is one line" 1 "$(wc -l </tmp/check.log)"
systemctl unmask --runtime nvmpathd >/dev/null 2>&1
check_equal "nothing changed by that either" "$before" "$(picture)"
