#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The configuration: where it comes from, what is wrong with it, and reload.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

usr=$T/root/usr/lib/nvmpath etc=$T/root/etc/nvmpath
mkdir -p "$usr" "$etc/nvmpathd.conf.d"
check_config() { "$NVMPATHD" --config-root="$T/root" --check-config 2>&1; }
says() # WHAT TEXT
{
	local out

	if out=$(check_config); then
		not_ok "$1: it is taken for good"
	elif [[ $out = *"$2"* ]]; then
		ok "$1"
	else
		not_ok "$1: $out"
	fi
}

equal "no configuration is a good one" "The configuration is good." "$(check_config)"
printf '[Removal]\nMinUsable = 1\n' >"$usr/nvmpathd.conf"
printf '# mine\n[Subsystem nqn.2026-01.test:*]\nMinUsable=2\n' >"$etc/nvmpathd.conf.d/50-floor.conf"
equal "one in /usr/lib with a drop-in in /etc, too" "The configuration is good." "$(check_config)"
printf '[Daemon]\nPollInterval=50ms\nColour=blue\n' >"$etc/nvmpathd.conf"
says "an unknown key is named with its file and line" "$etc/nvmpathd.conf:3: [Daemon] Colour: unknown"
printf '[Daemon]\n\nPollInterval=soon\n' >"$etc/nvmpathd.conf"
says "so is a bad value" "$etc/nvmpathd.conf:3: [Daemon] PollInterval: bad value; takes a time from 10ms to 1h"
printf '[Daemon\nPollInterval=1s\n' >"$etc/nvmpathd.conf"
says "so is what is no configuration at all" "$etc/nvmpathd.conf:1"
printf '[Deamon]\nPollInterval=1s\n' >"$etc/nvmpathd.conf"
says "and an unknown section" "[Deamon] PollInterval: unknown"
printf 'PollInterval=1s\n' >"$etc/nvmpathd.conf"
says "and a key without a section" "PollInterval: unknown"

daemon_options=(--config-root="$T/root")
start_bus
fake_pair "$T/sys"
start_kernel
start_daemon
ok "it starts with a bad configuration, and takes the defaults"
equal "nothing is refused by a floor" "" "$(call nvme0c0n1 Hold st x 0)"
within 5 is nvme0c0n1 PathState held	# the fake kernel takes its time
call nvme0c0n1 Release t 0 >/dev/null
within 5 is nvme0c0n1 Usable true

printf '[Daemon]\nPollInterval=50ms\n' >"$etc/nvmpathd.conf"
equal "a good one is taken over" "" "$(bc call $NAME $ROOT $NAME.Manager Reload 2>&1)"
out=$(call nvme0c0n1 Hold st x 0)
case $out in
*"floor is 2"*) ok "its floor holds: the section's, not that for all" ;;
*) not_ok "floor: $out" ;;
esac
printf '[Subsystem *]\nMinUsable=x\n' >"$etc/nvmpathd.conf.d/60-bad.conf"
out=$(bc call $NAME $ROOT $NAME.Manager Reload 2>&1)
case $out in
*"60-bad.conf:2: [Subsystem *] MinUsable: bad value"*) ok "a bad one is refused, with file and line" ;;
*) not_ok "reload: $out" ;;
esac
out=$(call nvme0c0n1 Hold st x 0)
case $out in
*"floor is 2"*) ok "and the last good one stays" ;;
*) not_ok "after a bad reload: $out" ;;
esac
rm "$etc/nvmpathd.conf.d"/*
kill -HUP "$daemon"
sleep 0.3
case $(bc --json=short call $NAME $ROOT $NAME.Manager History ttsut 0 0 nvmpathd 0 0) in
*'"loaded"'*) ok "SIGHUP reads it, too, and is on record" ;;
*) not_ok "no event of the reload" ;;
esac
equal "without the drop-in there is the floor for all" "" "$(call nvme0c0n1 Hold st x 0)"
finish
