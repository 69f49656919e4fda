#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# Daemon and helper hang while a path is held and draining: their watchdogs end them.
set -u
. /nvmpath/lab/guest/lib.sh

helper_now() { systemctl show -p MainPID --value nvmpath-helper; }
another_helper() { local now; now=$(helper_now); [ "$now" != 0 ] && [ "$now" != "$helper" ]; }

stuck_begin
helper=$(helper_now)
stuck_removal
begin=$SECONDS
check "the daemon is stopped (SIGSTOP)" systemctl kill -s STOP nvmpathd
check "and its helper" systemctl kill -s STOP nvmpath-helper
check "systemd ends it and starts another" wait_for 60 another_daemon
check "its watchdog's 30 s and some to start, not 90 more ($((SECONDS - begin)) s)" [ $((SECONDS - begin)) -le 40 ]
check "so it does with the helper" wait_for 20 another_helper
check "the removal is undone" wait_for 20 grep -qx online "/sys/block/$path/admin_state"
code=0
wait "$removal_pid" || code=$?
check "nvmpathctl does not claim success (exit $code)" [ "$code" != 0 ]
# Not by SIGABRT: whoever ends so may have to write a core first.
check_equal "both were ended by SIGKILL" 2 "$(journalctl -b -o cat --no-pager -u nvmpathd -u nvmpath-helper |
	grep -c 'Main process exited, code=killed, status=9/KILL')"
check_exit "it is told of" 0 "rolled-back" nvmpathctl list removal
stuck_end "daemon and helper hang"
check_exit "the next removal works" 0 "" nvmpathctl remove "$path"
check_exit "and the restore" 0 "" nvmpathctl restore "$path"
