#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What systemd is told, and that nobody waits where systemd does not listen: it may
# itself wait for a disk that lies behind the paths.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

python=/usr/bin/python3
[ -x $python ] || { echo "no Python"; exit 77; }
systemd=''
trap 'kill $systemd 2>/dev/null; cleanup' EXIT
told=$T/told
c0=$T/sys/class/nvme/nvme0 c1=$T/sys/class/nvme/nvme1

# It tells systemd, too, where it fails.
busctl() { env -u NOTIFY_SOCKET busctl "$@"; }

# $1 address: a systemd that does not read
start_systemd()
{
	[ -z "$systemd" ] || { kill "$systemd"; wait "$systemd" 2>/dev/null; }
	: >"$told"
	$python -B "$here/fake-systemd.py" "$1" "$told" &
	systemd=$!
	within 5 grep -qx ready "$told"
	export NOTIFY_SOCKET=$1
}
stop_reading()
{
	: >"$told"
	kill -USR2 "$systemd"
	within 5 grep -qx full "$told"
}
start_reading() { kill -USR1 "$systemd"; }
words() { grep -oE "^(READY|RELOADING|STOPPING)=1" "$told" | paste -sd ' '; }
last_status() { grep ^STATUS= "$told" | tail -n 1; }
status_is() { [ "$(last_status)" = "STATUS=$1" ]; }
words_are() { [ "$(words)" = "$1" ]; }
check() { if within 5 "${@:2}"; then ok "$1"; else not_ok "$1: $(cat "$told")"; fi; }
beats() { grep -cx WATCHDOG=1 "$told"; }
beats_are_over() { [ "$(beats)" -gt "$1" ]; }
answers()	# within a second: one try
{
	if busctl --address="$ADDRESS" --timeout="${NVMPATH_PATIENCE:-1}" call $NAME $ROOT \
		org.freedesktop.DBus.Peer Ping >/dev/null 2>&1; then
		ok "$1"
	else
		not_ok "$1"
	fi
}
uevent() # CONTROLLER PATH [EVENT]
{
	printf 'uevent\tchange@/devices/%s\tACTION=change\tDEVPATH=/devices/%s\tSUBSYSTEM=nvme' "$1" "$1" >&9
	printf '\tNVME_EVENT=%s\tNVME_PATH=%s\n' "${3:-path_state}" "$2" >&9
}
flip() # TIMES: an odd number of them ends with a path that is not usable
{
	local i word

	for ((i = 1; i <= $1; i++)); do
		word=usable
		((i % 2 == 0)) || word=ana_inaccessible
		echo $word >"$c0/nvme0c0n1/path_state"
		uevent nvme0 nvme0c0n1
	done
}

mkfifo "$T/fifo"
daemon_options=(--replay="$T/fifo" --poll-interval=3600000)
start_bus
fake_pair "$T/sys"
start_helper
exec 9<>"$T/fifo"

# ---- nobody reads
start_systemd "$T/notify"
export WATCHDOG_USEC=1000000
start_daemon
stop_reading
flip 301
answers "a queue that is full: the daemon answers"
becomes "and sees what happens" nvme0c0n1 PathState ana_inaccessible
kill -HUP "$daemon"
logged() { bc --json=short call $NAME $ROOT $NAME.Manager History ttsut 0 0 nvmpathd 0 0 | grep -q "\"$1\""; }
check "and reads its configuration again" logged loaded
sleep 1.2
answers "and when the watchdog was due"
equal "nothing was read so far" full "$(cat "$told")"

start_reading
check "then systemd is told of the start and the reload, in order" words_are "READY=1 RELOADING=1 READY=1"
check "of what is by now" status_is "4 paths, 3 usable, 0 held; events from replay, poll"
equal "and of nothing in between" 2 "$(grep -c ^STATUS= "$told")"
equal "a reload has its time" 1 "$(grep -cE '^RELOADING=1 MONOTONIC_USEC=[0-9]+$' "$told")"
check "the watchdog is told" grep -qx WATCHDOG=1 "$told"
beats=$(beats)
check "and told again" beats_are_over $((beats + 1))

# ---- somebody reads
flip 2
check "one that reads is told at once" status_is "4 paths, 4 usable, 0 held; events from replay, poll"
put "$c1/nvme0c1n1/path_state" ana_inaccessible
put "$c1/nvme0c1n2/path_state" ana_inaccessible
: >"$told"
uevent nvme1 "" ctrl_state
check "a controller's paths are one line" status_is "4 paths, 2 usable, 0 held; events from replay, poll"
equal "not one a path" 1 "$(grep -c ^STATUS= "$told")"
stop_daemon TERM
check "the end is told" words_are STOPPING=1
unset WATCHDOG_USEC

# ---- nobody reads when it starts, and it ends; an abstract address
start_systemd "@nvmpath-test-$$"
stop_reading
start_daemon
answers "a daemon comes up while nobody reads"
start_reading
check "and is ready when somebody does" words_are READY=1
check "with its status" status_is "4 paths, 2 usable, 0 held; events from replay, poll"
stop_reading
stop_daemon TERM

# ---- the helper
end_helper
stop_reading
start_helper
unset NOTIFY_SOCKET
start_daemon
helper_is() { [ "$(bc get-property $NAME $ROOT $NAME.Manager Helper)" = "s \"$1\"" ]; }
check "the helper answers while nobody reads" helper_is there
start_reading
check "and is ready when somebody does" words_are READY=1
finish
