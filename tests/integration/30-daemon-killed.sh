#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# The daemon is killed while a path is held and draining.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
set_policy round-robin
daemon_start
path=$(path_of "${ctrls[0]}" 1)
load_start
lose_completions "$path"
sleep 1
nvmpathctl remove "$path" --timeout=60s >/tmp/remove.log 2>&1 &
remove_pid=$!
check "the path is held and draining" wait_for 10 grep -qx hold "/sys/block/$path/admin_state"
pid=$(systemctl show -p MainPID --value nvmpathd)
check "kill -9" systemctl kill -s KILL nvmpathd
code=0
wait $remove_pid || code=$?
check "nvmpathctl does not claim success (exit $code)" [ "$code" != 0 ]
another_pid() {
	local now
	now=$(systemctl show -p MainPID --value nvmpathd)
	[ "$now" != 0 ] && [ "$now" != "$pid" ] && systemctl is-active nvmpathd
}
check "systemd starts it again" wait_for 20 another_pid
check "the removal is undone" wait_for 10 grep -qx online "/sys/block/$path/admin_state"
check "the journal says which" wait_for 5 sh -c "journalctl -b -u nvmpathd --no-pager |
	grep -iE 'undone|undo|roll(ed|ing)[- ]back' | grep -q $path"
check_exit "status after it" 0 "" nvmpathctl status
lose_no_more "$path" "${ctrls[0]}"
load_stop
check_load "daemon killed"
check_equal "no I/O was stuck" 0 "$(load_value stuck)"
check_exit "the next removal works" 0 "" nvmpathctl remove "$path"
check_exit "and the restore" 0 "" nvmpathctl restore "$path"
