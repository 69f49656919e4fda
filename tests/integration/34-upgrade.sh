#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# with --all: 7.3-patched
# machine: pci
# The package is upgraded while a removal drains under load: all files are replaced,
# systemd reads its units anew and restarts both services, as a package's script does.
set -u
. /nvmpath/lab/guest/lib.sh

stuck_begin
stuck_removal
old=$(stat -Lc %i "/proc/$pid/exe")
# Each beside the old one, then renamed over it, as dpkg does.
while read -r file; do
	cp -a "$file" "$file.dpkg-new" && mv "$file.dpkg-new" "$file"
done < <(find /usr/lib/nvmpath /usr/lib/systemd/system/nvmpath* /usr/share/dbus-1/*/io.github.nvmpath1* \
	/usr/share/polkit-1/actions/io.github.nvmpath1* /usr/bin/nvmpathctl -type f)
check "the daemon that runs is the old one" [ "$(stat -c %i /usr/lib/nvmpath/nvmpathd)" != "$old" ]
check_equal "which still drains" hold "$(admin_state "$path")"
check_exit "a new nvmpathctl reads it" 0 "draining" nvmpathctl list removal
systemctl daemon-reload
begin=$SECONDS
check "the services are restarted" systemctl restart nvmpath-helper nvmpathd
check "which waits no longer than 15 s ($((SECONDS - begin)) s)" [ $((SECONDS - begin)) -le 15 ]
code=0
wait "$removal_pid" || code=$?
check "nvmpathctl claims no success (exit $code)" [ "$code" != 0 ]
check_equal "the path was given back" online "$(admin_state "$path")"
check_exit "the removal is told of by the new daemon" 0 "rolled-back .*the daemon was asked to stop" \
	nvmpathctl list removal
check_equal "which is the new file" "$(stat -c %i /usr/lib/nvmpath/nvmpathd)" \
	"$(stat -Lc %i "/proc/$(daemon_pid)/exe")"
check_equal "and so is its helper" "$(stat -c %i /usr/lib/nvmpath/nvmpath-helper)" \
	"$(stat -Lc %i "/proc/$(systemctl show -p MainPID --value nvmpath-helper)/exe")"

note "and a drain that has ended: it stays"
lose_no_more "$path" "$ctrl"
check_exit "drain" 0 "" nvmpathctl drain "$path" --reason=cable
check "upgrade" systemctl restart nvmpathd
check_equal "the path is still held" hold "$(admin_state "$path")"
check_exit "by whom, and why" 0 "cable" nvmpathctl show "$path"
check_exit "and is released by the new daemon" 0 "" nvmpathctl release "$path"
load_stop
check_load "upgraded in the middle of a drain"
check_equal "no I/O was stuck" 0 "$(load_value stuck)"
check_exit "the next removal works" 0 "" nvmpathctl remove "$path"
check_exit "and the restore" 0 "" nvmpathctl restore "$path"
