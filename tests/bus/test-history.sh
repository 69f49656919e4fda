#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What happens is told: as a signal, in the journal, and by History afterwards.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

remote=''
for f in /lib/systemd/systemd-journal-remote /usr/lib/systemd/systemd-journal-remote; do
	[ ! -x $f ] || remote=$f
done
[ -n "$remote" ] || { echo "no systemd-journal-remote"; exit 77; }

mkdir "$T/journal"
journald=''
start_journald()
{
	rm -f "$T/journald"
	python3 "$here/fake-journald.py" "$T/journald" "$T/export" &
	journald=$!
	within 5 test -S "$T/journald"
}
stop_journald() { kill "$journald"; wait "$journald" 2>/dev/null; }
trap 'kill $journald $monitor 2>/dev/null; cleanup' EXIT
monitor=''

# What the fake journald took becomes a file of the journal.
write_journal()
{
	"$remote" -o "$T/journal/new.journal" "$T/export" >/dev/null 2>&1 || :
	mv "$T/journal/new.journal" "$T/journal/all.journal"
}

history() # OBJECT [MAX [SINCE [UNTIL]]]: one line an event: kind object from to reason
{
	busctl --address="$ADDRESS" --json=short call $NAME $ROOT $NAME.Manager \
		History ttsut "${3:-0}" "${4:-0}" "$1" "${2:-0}" 0 |
		python3 -c 'import json,sys
for e in json.load(sys.stdin)["data"][0]:
    print(*e[1:6], sep="|")'
}

daemon_options=(--journal="$T/journald" --journal-dir="$T/journal")
start_bus
fake_pair "$T/sys"
start_journald
start_kernel
start_daemon
busctl --address="$ADDRESS" --json=short monitor --match="type=signal,member=Event" >"$T/events" &
monitor=$!
sleep 0.3

call nvme0c0n1 Hold st 'switch swap' 0 >/dev/null
within 5 is nvme0c0n1 PathState held
call nvme0c0n1 Release t 0 >/dev/null
within 5 is nvme0c0n1 PathState usable
put "$T/sys/class/nvme/nvme1/state" connecting
within 5 is nvme1 State connecting
put "$T/sys/class/nvme/nvme1/nvme0c1n1/ana_state" change
put "$T/sys/class/nvme/nvme1/nvme0c1n2/ana_state" change
within 5 is nvme0c1n2 AnaState change
put "$T/sys/class/nvme/nvme1/nvme0c1n1/ana_state" inaccessible
put "$T/sys/class/nvme/nvme1/nvme0c1n2/ana_state" inaccessible
within 5 is nvme0c1n2 AnaState inaccessible

wanted='hold|nvme0c0n1|online|hold|switch swap
path|nvme0c0n1|usable|held|held by uid 0: switch swap
hold|nvme0c0n1|hold|online|switch swap
path|nvme0c0n1|held|usable|released'
equal "History tells a hold from its begin to its end" "$wanted" "$(history nvme0c0n1)"
equal "and the controller, whose groups are told once, not once a path" \
	'controller|nvme1|live|connecting|
ana|nvme1|optimized|change|ANA group 1
ana|nvme1|change|inaccessible|ANA group 1' "$(history nvme1 | grep -v '^path')"
equal "the groups stand on the controller" 'a(ustttt) 1 1 "inaccessible"' \
	"$(bc get-property $NAME $ROOT/controller/nvme1 $NAME.Controller AnaGroups | cut -d' ' -f1-4)"
read -r _ _ _ _ since begin end deadline < <(bc get-property $NAME \
	$ROOT/controller/nvme1 $NAME.Controller AnaGroups)
if [ "$end" = "$since" ] && [ "$begin" -lt "$end" ] && [ "$deadline" = 0 ]; then
	ok "with when the transition began and ended"
else
	not_ok "times: $since $begin $end $deadline"
fi
equal "the newest one alone" 'ana|nvme1|change|inaccessible|ANA group 1' \
	"$(history nvme1 1)"
equal "nothing before there was anything" "" "$(history "" 0 0 1000000)"
history "" >"$T/before"
equal "the signal told each as it happened" "$(wc -l <"$T/before")" \
	"$(($(grep -c '"Event"' "$T/events") + 1))"	# +1: the start

stop_daemon KILL
write_journal
start_daemon
equal "after a restart the journal knows" "$(cat "$T/before")" \
	"$(history "" | sed -n "1,$(wc -l <"$T/before")p")"
equal "together with what is new" 'daemon|nvmpathd||running' \
	"$(history "" 1 | cut -d'|' -f1-4)"
equal "each stands there once" "$(history "" | wc -l)" \
	"$(($(wc -l <"$T/before") + 1))"

stop_journald
rm -f "$T/journald"
put "$T/sys/class/nvme/nvme1/state" live
within 5 is nvme1 State live
equal "without a journald the daemon remembers" 'controller|nvme1|connecting|live|' \
	"$(history nvme1 | grep ^controller | tail -n 1)"
start_journald
put "$T/sys/class/nvme/nvme1/state" resetting
within 5 is nvme1 State resetting
if within 5 grep -aq "NVMPATH_DROPPED" "$T/export"; then
	ok "what was dropped is counted, and told to the next journald"
else
	not_ok "no word about dropped entries"
fi
equal "its flags are checked" 1 "$(bc call $NAME $ROOT $NAME.Manager History ttsut 0 0 "" 0 1 2>&1 |
	grep -c 'no flag')"
daemon_options=()
finish
