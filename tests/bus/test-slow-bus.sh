#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A bus daemon that does not answer, whose files may lie on a disk that does not:
# the daemon's work goes on, since it waits for no answer of it.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

trap 'kill -CONT $busd $daemon 2>/dev/null; cleanup' EXIT
manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }
has() { [ "$(admin "$1" "$2")" = "$3" ]; }

# A call that was delivered, and a bus that says nothing more, as who makes it.
call_then_silence() # OUTPUT METHOD [SIGNATURE ARG...]
{
	local out=$1

	shift
	kill -STOP "$daemon"
	manager "$@" >"$out" &
	caller=$!
	sleep 1		# dbus-daemon hands it over
	kill -STOP "$busd"
	kill -CONT "$daemon"
}

start_bus
fake_pair "$T/sys"
start_kernel
start_daemon

equal "a hold has a time to live" "" "$(manager Hold sstt nvme0c0n1 swap 3000000 0)"
call_then_silence "$T/answer" Hold sstt nvme0c0n2 swap 0 0
if within 5 has nvme0 nvme0c0n1 online; then
	ok "it ends in time on a bus that does not say who makes a call"
else
	not_ok "a hold whose time is over waits for the bus"
fi
equal "nothing is done for somebody unknown" online "$(admin nvme0 nvme0c0n2)"
kill -CONT "$busd"
wait "$caller"
equal "when the bus answers, so does the daemon" "" "$(cat "$T/answer")"
equal "and has done it" hold "$(admin nvme0 nvme0c0n2)"
call nvme0c0n2 Release t 0 >/dev/null
within 5 is nvme0c0n2 Usable true

# A caller that is gone by then.
call_then_silence "$T/answer" Hold sstt nvme0c0n1 swap 0 2
kill "$caller"
wait "$caller" 2>/dev/null
kill -CONT "$busd"
sleep 0.3
becomes "what is held for a caller that left is released" nvme0c0n1 AdminState online
becomes "and used" nvme0c0n1 PathState usable
equal "no record is left of it" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"
equal "calls are served again" "" "$(call nvme0c0n1 Hold st x 0)"
finish
