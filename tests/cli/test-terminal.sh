#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# top, monitor and progress on a terminal of tmux, against the stand-in daemon.
# test-terminal.sh NVMPATHCTL FAKE-NVMPATHD SCENARIO
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
need tmux dbus-daemon busctl
ctl=$(realpath "$1") fake=$(realpath "$2") scenario=$(realpath "$3")
begin
trap 'tm kill-server 2>/dev/null; cleanup' EXIT

tm() { tmux -S "$T/tmux" -f /dev/null "$@"; }
screen() { tm capture-pane -p; }
shows() { screen | grep -Eq -- "$1"; }
shows_not() { ! shows "$1"; }
has_size() { [ "$(tm display-message -p '#{pane_width}x#{pane_height}')" = "$1" ]; }

evidence() { screen; }

type_line() { tm send-keys -l "$1"; tm send-keys Enter; }

bus() { start_bus session "$T/bus"; busd=$!; }
daemon() { start_fake "$fake" "$scenario"; daemon=$!; }

export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$T/bus LC_ALL=C.UTF-8 TZ=UTC
export PATH=${ctl%/*}:$here/bin:$PATH
bus
daemon
unset TMUX COLUMNS
tm new-session -d -x 100 -y 20 "env PS1='ready> ' bash --norc --noprofile"
comes "a terminal" shows '^ready>'

type_line 'nvmpathctl top -o nosuch'
comes "a column that is none is said where it can be read" shows 'no such column here; there is PATH'
type_line 'clear; nvmpathctl top -d 200ms'
comes "top shows the worst first" shows '^PATH +ADDRESS'
comes "its headline counts" shows '4 of 6 paths usable: DEGRADED; sorted by condition'
tm send-keys n
comes "a key sorts" shows 'sorted by name'
tm resize-window -x 70 -y 8
comes "the window is smaller" has_size 70x8
comes "top fits it" shows 'sorted by name'
comes "and has a row left for each path that fits" shows '^nvme1c4n1'
tm resize-window -x 100 -y 20
end "$daemon"
comes "a daemon that goes is told" shows 'nvmpathd went away'
daemon
comes "and one that comes back" shows '4 of 6 paths usable'
end "$busd"
comes "a bus that goes is told" shows 'lost the bus; trying again'
end "$daemon"
bus
daemon
comes "and one that comes back" shows '4 of 6 paths usable'
tm send-keys q
comes "q gives the screen back" shows_not 'paths usable'
comes "and the prompt" shows '^ready> *$'

type_line 'clear; nvmpathctl monitor -n 2'
comes "monitor listens" is-listening
fake-call Emit
comes "monitor tells an event" shows 'path +nvme1c4n1 +usable -> ctrl_down after 7.0 s'

type_line 'clear; nvmpathctl monitor -n 1'
comes "monitor listens again" is-listening
end "$busd"
comes "monitor tells of a bus that goes" shows 'lost the bus; trying again'
end "$daemon"
bus
daemon
comes "it comes back with it" shows 'nvmpathd is back'
comes "and listens" is-listening
fake-call Emit
comes "it tells the next event" shows 'path +nvme1c4n1 +usable -> ctrl_down'

type_line 'clear; nvmpathctl drain nvme1c2n1'
comes "progress has paths done of all, and time left" \
	shows 'draining; held 1 path; in flight 143 -> 20; 0 of 1 path quiet; [0-9]+ d left'
tm send-keys C-c
comes "Ctrl-C is heard" shows 'drain of nvme1c2n1 rolled back'

type_line 'clear; nvmpathctl drain nvme2; stty -a | grep -c " echo "'
comes "drain ends with its verdict alone" shows '^drained nvme2: held 1 path'
comes "the line of progress is gone" shows_not '^drain nvme2: '

type_line 'clear; nvmpathctl tree'
comes "the tree has lines" shows '└─nvme1n1'
type_line 'clear; LC_ALL=C nvmpathctl tree'
comes "and ASCII where the locale has no others" shows '`-nvme1n1'
type_line 'clear; PAGER="cat >/dev/null; echo paged" nvmpathctl list; PAGER= nvmpathctl list -o path'
comes "long output goes to the pager" shows '^paged'
comes "and not if there is none" shows '^PATH *$'
type_line "clear; NVMPATH_PAGER=nosuchpager nvmpathctl list path"
comes "a pager that is not there loses nothing" shows '^PATH '
exit $bad
