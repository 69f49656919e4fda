#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# top, monitor and progress on a terminal of tmux, against the stand-in daemon.
# test-terminal.sh NVMPATHCTL FAKE-NVMPATHD SCENARIO
set -u
for tool in tmux dbus-daemon busctl; do
	command -v $tool >/dev/null || { echo "no $tool"; exit 77; }
done
ctl=$(realpath "$1") fake=$(realpath "$2") scenario=$(realpath "$3")
T=$(mktemp -d /tmp/nvmpath-term-XXXXXX)
bad=0 busd='' daemon=''

tm() { tmux -S "$T/tmux" -f /dev/null "$@"; }
cleanup()
{
	tm kill-server 2>/dev/null
	# shellcheck disable=SC2086
	kill $daemon $busd 2>/dev/null
	wait 2>/dev/null
	rm -rf "$T"
}
trap cleanup EXIT

screen() { tm capture-pane -p; }
shows() { screen | grep -Eq -- "$1"; }
shows_not() { ! shows "$1"; }
has_size() { [ "$(tm display-message -p '#{pane_width}x#{pane_height}')" = "$1" ]; }

within() # WHAT COMMAND...
{
	local what=$1 i

	shift
	for ((i = 0; i < 600; i++)); do
		"$@" && { echo "ok - $what"; return; }
		sleep 0.1
	done
	echo "not ok - $what"
	screen | sed 's/^/#   /'
	bad=1
}

type_line() { tm send-keys -l "$1"; tm send-keys Enter; }

cat >"$T/bus.conf" <<X
<busconfig><type>session</type><listen>unix:path=$T/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/>
<allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
X
start_bus()
{
	rm -f "$T/bus"
	dbus-daemon --config-file="$T/bus.conf" --nofork --nopidfile 2>/dev/null &
	busd=$!
	until busctl --system list >/dev/null 2>&1; do sleep 0.1; done
}
start_daemon()
{
	"$fake" "$scenario" >"$T/daemon" 2>/dev/null &
	daemon=$!
	until grep -qs ready "$T/daemon"; do sleep 0.1; done
}
# the stand-in goes with its bus
end() { kill "$1" 2>/dev/null; wait "$1" 2>/dev/null; }

export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$T/bus LC_ALL=C.UTF-8 TZ=UTC
export PATH=${ctl%/*}:$(cd "${0%/*}" && pwd)/bin:$PATH
start_bus
start_daemon
unset TMUX COLUMNS
tm new-session -d -x 100 -y 20 "env PS1='ready> ' bash --norc --noprofile"
within "a terminal" shows '^ready>'

type_line 'nvmpathctl top -d 200ms'
within "top shows the worst first" shows '^PATH +ADDRESS'
within "its headline counts" shows '4 of 6 paths usable: DEGRADED; sorted by condition'
tm send-keys n
within "a key sorts" shows 'sorted by name'
tm resize-window -x 70 -y 8
within "the window is smaller" has_size 70x8
within "top fits it" shows 'sorted by name'
within "and has a row left for each path that fits" shows '^nvme1c4n1'
tm resize-window -x 100 -y 20
end "$daemon"
within "a daemon that goes is told" shows 'nvmpathd went away'
start_daemon
within "and one that comes back" shows '4 of 6 paths usable'
end "$busd"
within "a bus that goes is told" shows 'lost the bus; trying again'
end "$daemon"
start_bus
start_daemon
within "and one that comes back" shows '4 of 6 paths usable'
tm send-keys q
within "q gives the screen back" shows_not 'paths usable'
within "and the prompt" shows '^ready> *$'

type_line 'clear; nvmpathctl monitor -n 2'
within "monitor listens" is-listening
fake-call Emit
within "monitor tells an event" shows 'path +nvme1c4n1 +usable -> ctrl_down after 7.0 s'

type_line 'clear; nvmpathctl monitor -n 1'
within "monitor listens again" is-listening
end "$busd"
within "monitor tells of a bus that goes" shows 'lost the bus; trying again'
end "$daemon"
start_bus
start_daemon
within "it comes back with it" shows 'nvmpathd is back'
within "and listens" is-listening
fake-call Emit
within "it tells the next event" shows 'path +nvme1c4n1 +usable -> ctrl_down'

type_line 'clear; nvmpathctl drain nvme1c2n1'
within "progress has paths done of all, and time left" \
	shows 'draining; held 1 path; in flight 143 -> 20; 0 of 1 path quiet; [0-9]+ d left'
tm send-keys C-c
within "Ctrl-C is heard" shows 'drain of nvme1c2n1 rolled back'

type_line 'clear; nvmpathctl drain nvme2; stty -a | grep -c " echo "'
within "drain ends with its verdict alone" shows '^drained nvme2: held 1 path'
within "the line of progress is gone" shows_not '^drain nvme2: '

type_line 'clear; nvmpathctl tree'
within "the tree has lines" shows '└─nvme1n1'
type_line 'clear; LC_ALL=C nvmpathctl tree'
within "and ASCII where the locale has no others" shows '`-nvme1n1'
type_line 'clear; PAGER="cat >/dev/null; echo paged" nvmpathctl list; PAGER= nvmpathctl list -o path'
within "long output goes to the pager" shows '^paged'
within "and not if there is none" shows '^PATH *$'
type_line "clear; NVMPATH_PAGER=nosuchpager nvmpathctl list path"
within "a pager that is not there loses nothing" shows '^PATH '
exit $bad
