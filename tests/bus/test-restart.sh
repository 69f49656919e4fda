#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a daemon makes of what an earlier one left behind.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

start_bus
fake_pair "$T/sys"
start_kernel
start_daemon
c1=$T/sys/class/nvme/nvme1

call nvme0c0n2 Hold st "keep me" 0 >/dev/null
put "$c1/nvme0c1n1/inflight" "       3        4"
call nvme0c1n1 Drain tst 60000000 swap 0 >/dev/null
becomes "a drain is under way" 1 State draining
stop_daemon KILL
equal "both paths are held while nobody watches" "hold hold" \
	"$(admin nvme0 nvme0c0n2) $(admin nvme1 nvme0c1n1)"
start_daemon
becomes "the drain is undone" 1 State rolled-back
equal "and says so" "undone after restart; its holds were released" \
	"$(property 1 Detail)"
equal "its path is released" online "$(admin nvme1 nvme0c1n1)"
equal "the other hold stands" hold "$(admin nvme0 nvme0c0n2)"
equal "with its reason" "keep me" "$(property nvme0c0n2 HoldReason)"
equal "the log says it, too" 1 "$(grep -c 'was draining when the daemon stopped' "$T/log")"

call nvme0c1n1 Drain tst 60000000 swap 0 >/dev/null
becomes "another drain is under way" 2 State draining
stop_daemon TERM
equal "a daemon that is asked to stop undoes it first" online "$(admin nvme1 nvme0c1n1)"
equal "and leaves what was not its removal's" hold "$(admin nvme0 nvme0c0n2)"
start_daemon
equal "which is on record" rolled-back "$(property 2 State)"

# A newer daemon held that; this one was put in its place.
within 5 is nvme0c1n1 Usable true
call nvme0c0n1 Hold st "newer" 0 >/dev/null
stop_daemon KILL
hold=$(grep -l '"nvme0c0n1"' "$T"/run/hold-*.json)
sed -i 's/"version":[0-9]*/"version":99/' "$hold" "$T/run/removal-2.json"
cp "$T/run/removal-2.json" "$T/newer"
start_daemon
equal "a hold of a newer daemon stands, its owner is not known" "hold " \
	"$(admin nvme0 nvme0c0n1) $(property nvme0c0n1 HoldOwner)"
equal "that is in the log" 1 "$(grep -c 'hold-.* is of a newer nvmpathd' "$T/log")"
equal "and it can be released by hand" " online" \
	"$(call nvme0c0n1 Release t 0) $(admin nvme0 nvme0c0n1)"
rm "$hold"	# the newer one's to clean up
within 5 is nvme0c0n1 Usable true

put "$c1/nvme0c1n1/inflight" "       0        0"
stop_kernel
put "$c1/nvme0c1n1/path_state" usable
call nvme0c0n2 Release t 0 >/dev/null
put "$T/sys/class/nvme/nvme0/nvme0c0n2/path_state" usable
within 5 is nvme0c0n2 Usable true
call nvme1 Remove tst 0 x 0 >/dev/null
becomes "a detach is under way" 3 State detaching
equal "a newer daemon's removal is where it was, with its number" "$(cat "$T/newer")" \
	"$(cat "$T/run/removal-2.json")"
rm "$T/run/removal-2.json"
stop_daemon KILL
start_daemon
becomes "a controller that stays is released" 3 State rolled-back
equal "its paths are online" "online online" \
	"$(admin nvme1 nvme0c1n1) $(admin nvme1 nvme0c1n2)"

put "$c1/delete_controller" ""
call nvme1 Remove tst 0 x 0 >/dev/null
becomes "another detach is under way" 4 State detaching
stop_daemon KILL
mv "$c1" "$T/gone.nvme1"
rm "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme1"
start_daemon
becomes "a controller that went is detached" 4 State detached
equal "and can be restored" true "$(property 4 CanRestore)"
equal "no record of a hold is left" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"
stop_daemon TERM

sed -i -E 's/"boot_id":"[^"]*"/"boot_id":"another"/' "$T"/run/*.json
start_daemon
equal "another boot's removals are forgotten" 0 "$(bc tree --list $NAME | grep -c removal/)"
equal "and their records removed" 0 "$(find "$T/run" -name '*.json' | wc -l)"
stop_daemon TERM

boot=$(cat /proc/sys/kernel/random/boot_id)
echo '{ "boot_id": "'"$boot"'", "id": 5, "state": "detaching" ' >"$T/run/removal-5.json"
echo '{ "boot_id": "'"$boot"'", "id": 6, "state": "detaching" }' >"$T/run/removal-6.json"
echo '{ "boot_id": "'"$boot"'", "id": 7, "kind": "remove", "object_kind": "path",' \
	'"state": "draining", "targets": [ 3 ] }' >"$T/run/removal-7.json"
echo '{ "boot_id": "'"$boot"'", "id": 8, "kind": "remove", "object_kind": "path",' \
	'"state": "draining", "controllers": [ 3 ], "targets": [ { "controller": 7 } ] }' \
	>"$T/run/removal-8.json"
echo '{ "boot_id": "'"$boot"'", "id": 9, "kind": "remove", "object_kind": "path",' \
	'"state": "draining", "controllers": [ 3 ], "targets": [ { "controller": 0 } ] }' \
	>"$T/run/removal-9.json"
echo '{ "boot_id": "'"$boot"'" }' >"$T/run/hold-5.json"
start_daemon
equal "records that are not whole keep nobody from starting" \
	"4" "$(grep -cE 'removal-[5678].json' "$T/log")"
within 5 is 9 State failed
equal "one that makes no sense leads to nothing" "failed online" \
	"$(property 9 State) $(admin nvme0 nvme0c0n1)"
finish
