#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# with --all: 7.3-patched
# machine: pci
# The real logind, asked to suspend and to power off while a removal drains: it waits
# until that is given back, and nothing new is begun before it is over. What logind has
# systemd start then is made to do nothing but look.
set -u
. /nvmpath/lab/guest/lib.sh

units=/run/systemd/system seen=/run/seen

# $1 target: for 4 s it only notes what is held
fake_target() {
	cat >$units/$1.target <<-END
	[Unit]
	Description=Nothing but a look ($1)
	Requires=look-$1.service
	After=look-$1.service
	END
	cat >$units/look-$1.service <<-END
	[Unit]
	DefaultDependencies=no
	[Service]
	Type=oneshot
	ExecStart=/bin/sh -c 'cat /sys/block/nvme*c*/admin_state | sort | uniq -c >$seen-$1; sleep 4'
	END
}

locked() { busctl call org.freedesktop.login1 /org/freedesktop/login1 \
	org.freedesktop.login1.Manager ListInhibitors | grep -q '"shutdown:sleep" "nvmpathd".*"delay"'; }
not_locked() { ! locked; }
path_online() { [ "$(admin_state "$path")" = online ]; }
# $1 target
over() { [ "$(systemctl show -p ActiveState --value "look-$1")" = inactive ]; }

# $1 target, $2 systemctl's verb, $3 what the machine is about to be
ask() {
	stuck_removal
	check "$2: logind is asked to wait while a removal runs" wait_for 5 locked
	begin=$EPOCHREALTIME
	check "$2: systemctl $2" systemctl "$2"
	check "$2: the path is given back" wait_for 5 path_online
	check "$2: logind goes on" wait_for 15 test -s $seen-"$1"
	note "$2: after $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000)) ms"
	check_equal "$2: nothing was held when it did" "4 online" "$(awk '{ print $1, $2 }' $seen-"$1")"
	check_exit "$2: meanwhile nothing new is begun: 4" 4 "about to be $3" nvmpathctl remove "$path"
	wait "$removal_pid"
	check_exit "$2: the removal is told as undone" 0 "rolled-back .*the machine was about to be $3" \
		nvmpathctl list removal
	check "$2: it is over" wait_for 20 over "$1"
	check "$2: nobody waits for the daemon any more" not_locked
}

fake_target suspend
fake_target poweroff
systemctl daemon-reload
for target in suspend poweroff; do
	check_equal "the fake $target is what systemd has" $units/$target.target \
		"$(systemctl show -p FragmentPath --value $target.target)"
done
check "logind starts" systemctl restart systemd-logind
stuck_begin
ask suspend suspend suspended
ask poweroff poweroff "shut down"
stuck_end "a suspend and a shutdown"
check_equal "it is the same daemon" "$pid" "$(daemon_pid)"
check_exit "the next removal works" 0 "" nvmpathctl remove "$path"
check_exit "and the restore" 0 "" nvmpathctl restore "$path"
check "then logind need not wait" not_locked

systemctl stop systemd-logind
rm -r $units/{suspend,poweroff}.target $units/look-*.service
systemctl daemon-reload
