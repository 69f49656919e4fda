#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 7.3
# machine: fabrics
# A kernel that sends no event for an ANA change: seen within a second all the
# same, with the timer out of the way; told on the bus and in the journal.
set -u
. /nvmpath/lab/guest/lib.sh

manager() { busctl get-property io.github.nvmpath1 /io/github/nvmpath1 io.github.nvmpath1.Manager "$1"; }
ana_is() # PATH STATE
{
	busctl get-property io.github.nvmpath1 "/io/github/nvmpath1/path/$1" \
		io.github.nvmpath1.Path AnaState | grep -q "\"$2\""
}
history()
{
	busctl call io.github.nvmpath1 /io/github/nvmpath1 io.github.nvmpath1.Manager \
		History ttsut 0 0 "$1" 0 0
}

mkdir -p /run/systemd/system/nvmpathd.service.d
printf '[Service]\nExecStart=\nExecStart=/usr/lib/nvmpath/nvmpathd --poll-interval=3600000\n' \
	>/run/systemd/system/nvmpathd.service.d/slow-poll.conf
systemctl daemon-reload
daemon_start
check "tracefs is a source" sh -c "busctl get-property io.github.nvmpath1 /io/github/nvmpath1 io.github.nvmpath1.Manager EventSources | grep -q tracefs"
check "its instance is there" test -d /sys/kernel/tracing/instances/nvmpathd
ctrl=$(ctrl_by_port "${LAB_PORTS[0]}")
path=$(path_of "$ctrl" 1)
dbus-monitor --system "type='signal',member='Event'" >/tmp/events 2>/dev/null &
monitor=$!
sleep 1

# What asking costs under emulation is no part of it.
begin=$(date +%s%N)
for _ in 1 2 3 4 5; do ana_is "$path" nosuch; done
asking=$((($(date +%s%N) - begin) / 5000000))
worst=0
for state in inaccessible non-optimized optimized inaccessible optimized; do
	begin=$(date +%s%N)
	fabrics_ana 1 1 $state
	wait_for 10 ana_is "$path" $state
	took=$((($(date +%s%N) - begin) / 1000000 - asking))
	[ $took -le $worst ] || worst=$took
done
note "slowest of 5 ANA changes: $worst ms until it was to be seen, and $asking ms to ask"
check "an ANA change is seen within 1 s" [ "$worst" -lt 1000 ]
kill $monitor
check "the signal Event told of the group" grep -q '"ana"' /tmp/events
check "the journal has it, with its id and fields" sh -c "journalctl --sync; \
	journalctl -o json MESSAGE_ID=082f6b84e6ac4e71aec32a1e92c054bd | grep -q '\"NVMPATH_TO\":\"inaccessible\"'"
check "the catalog explains it" sh -c "journalctl --update-catalog; \
	journalctl -x MESSAGE_ID=082f6b84e6ac4e71aec32a1e92c054bd | grep -q 'access state of the ANA group'"
check "History has it" sh -c "busctl call io.github.nvmpath1 /io/github/nvmpath1 \
	io.github.nvmpath1.Manager History ttsut 0 0 '$ctrl' 0 0 | grep -q '\"ana\"'"
before=$(history "$ctrl" | tr ' ' '\n' | grep -c '"ana"')
check "restart" systemctl restart nvmpathd
check_equal "History survives a restart: it is read from the journal" "$before" \
	"$(history "$ctrl" | tr ' ' '\n' | grep -c '"ana"')"
check "stop" systemctl stop nvmpathd
check "the instance went with the daemon" test ! -d /sys/kernel/tracing/instances/nvmpathd
rm -r /run/systemd/system/nvmpathd.service.d
systemctl daemon-reload
