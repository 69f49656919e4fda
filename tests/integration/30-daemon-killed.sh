#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# The daemon is killed while a path is held and draining.
set -u
. /nvmpath/lab/guest/lib.sh

stuck_begin
stuck_removal
check "kill -9" systemctl kill -s KILL nvmpathd
code=0
wait "$removal_pid" || code=$?
check "nvmpathctl does not claim success (exit $code)" [ "$code" != 0 ]
check "systemd starts it again" wait_for 20 another_daemon
check "the removal is undone" wait_for 10 grep -qx online "/sys/block/$path/admin_state"
check "the journal says which" wait_for 5 sh -c "journalctl -b -u nvmpathd --no-pager |
	grep -iE 'undone|undo|roll(ed|ing)[- ]back' | grep -q $path"
check_exit "status after it" 0 "" nvmpathctl status
stuck_end "daemon killed"
check_exit "the next removal works" 0 "" nvmpathctl remove "$path"
check_exit "and the restore" 0 "" nvmpathctl restore "$path"
