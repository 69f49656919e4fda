#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# udevd and the bus are restarted while a removal drains under load.
set -u
. /nvmpath/lab/guest/lib.sh

stuck_begin
stuck_removal
check "udevd restarts" systemctl restart systemd-udevd
check_equal "the daemon does not" "$pid" "$(daemon_pid)"
check_equal "the path stays held" hold "$(admin_state "$path")"
echo change >"/sys/class/nvme/$(controllers | tail -n 1)/uevent"
check_exit "it is the same removal" 0 "draining" nvmpathctl list removal
check "the bus restarts" systemctl restart dbus.service
check "the daemon comes back with it" wait_for 30 another_daemon
check "the removal is undone" wait_for 20 grep -qx online "/sys/block/$path/admin_state"
wait "$removal_pid"
check "it is told of, by the new one" wait_for 20 sh -c "nvmpathctl list removal | grep -q rolled-back"
stuck_end "udevd and bus restarted"
check_exit "the next removal works" 0 "" nvmpathctl remove "$path"
check_exit "and the restore" 0 "" nvmpathctl restore "$path"
