#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# udevd and the bus are restarted while a removal drains under load.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
set_policy round-robin
daemon_start
path=$(path_of "${ctrls[0]}" 1)
pid=$(systemctl show -p MainPID --value nvmpathd)
load_start
lose_completions "$path"
sleep 1
nvmpathctl remove "$path" --timeout=120s >/tmp/remove.log 2>&1 &
remove_pid=$!
check "a path is held and draining" wait_for 10 grep -qx hold "/sys/block/$path/admin_state"
check "udevd restarts" systemctl restart systemd-udevd
check_equal "the daemon does not" "$pid" "$(systemctl show -p MainPID --value nvmpathd)"
check_equal "the path stays held" hold "$(admin_state "$path")"
echo change >"/sys/class/nvme/${ctrls[1]}/uevent"
check_exit "it is the same removal" 0 "draining" nvmpathctl list removal
check "the bus restarts" systemctl restart dbus.service
another_pid() {
	local now
	now=$(systemctl show -p MainPID --value nvmpathd)
	[ "$now" != 0 ] && [ "$now" != "$pid" ] && systemctl is-active nvmpathd
}
check "the daemon comes back with it" wait_for 30 another_pid
check "the removal is undone" wait_for 20 grep -qx online "/sys/block/$path/admin_state"
wait $remove_pid
check "it is told of, by the new one" wait_for 20 sh -c "nvmpathctl list removal | grep -q rolled-back"
lose_no_more "$path" "${ctrls[0]}"
load_stop
check_load "udevd and bus restarted"
check_exit "the next removal works" 0 "" nvmpathctl remove "$path"
check_exit "and the restore" 0 "" nvmpathctl restore "$path"
