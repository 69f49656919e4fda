# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What the tests of the command line in shell share; sourced, never run. begin makes $T,
# which goes with the script, as do the processes that it starts with start.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bad=0 started=()
PATH=$PATH:/usr/sbin:/sbin

need() # TOOL...: skipped where one is missing
{
	local tool

	for tool; do
		command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
	done
}

begin()
{
	T=$(mktemp -d /tmp/nvmpath-cli-XXXXXX)
	trap cleanup EXIT
}

cleanup()
{
	# shellcheck disable=SC2154
	[ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$T"
}

# What is printed besides when something is not as it should be; tests have their own.
evidence() { :; }

ok() { echo "ok - $1"; }
not_ok()
{
	echo "not ok - $1"
	evidence | sed 's/^/#   /'
	bad=1
}
verify() { local what=$1; shift; if "$@"; then ok "$what"; else not_ok "$what"; fi; }

within() # COMMAND...: whether it succeeds within a minute
{
	local i

	for ((i = 0; i < 600; i++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

comes() { local what=$1; shift; verify "$what" within "$@"; }

# Without it there is nothing to test.
must_come() { within "$@" || { echo "never: $*"; evidence; exit 1; }; }

start() # LOG COMMAND...: it runs beside us; $! is its process
{
	local log=$1

	shift
	"$@" >"$log" 2>&1 &
	started+=($!)
}

end() { kill "$1" 2>/dev/null; wait "$1" 2>/dev/null; }

# bus TYPE SOCKET: its process is $!, and it answers
start_bus()
{
	rm -f "$2"
	cat >"$T/bus.conf" <<X
<busconfig><type>$1</type><listen>unix:path=$2</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/>
<allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
X
	start "$T/bus.log" dbus-daemon --config-file="$T/bus.conf" --nofork --nopidfile
	DBUS_SYSTEM_BUS_ADDRESS=unix:path=$2 must_come busctl --system list
}

# FAKE SCENARIO: the stand-in daemon, its process is $!
start_fake()
{
	start "$T/fake.log" "$@"
	must_come grep -q ready "$T/fake.log"
}
