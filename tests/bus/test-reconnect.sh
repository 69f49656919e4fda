#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A connection that is lost and made again gives the controller another id, and its
# address has a src_addr only while it is up: its paths stay what they are.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }
c1=$T/sys/class/nvme/nvme1
connection() # up or down, ID
{
	local address=traddr=10.0.0.1,trsvcid=4420

	put "$c1/cntlid" "$2"
	if [ "$1" = up ]; then
		put "$c1/address" "$address,src_addr=10.0.0.9"
		put "$c1/state" live
	else
		put "$c1/address" "$address"
		put "$c1/state" connecting
	fi
}

start_bus
fake_pair "$T/sys"
start_kernel
connection up 2
start_daemon

manager Hold sstt nvme0c1n1 swap 5000000 0 >/dev/null
put "$c1/nvme0c1n2/inflight" "       1        0"
call nvme0c1n2 Drain tst 60000000 swap 0 >/dev/null
becomes "a drain is at work beside a hold" 1 State draining
stop_daemon KILL
connection down 2
start_daemon
becomes "the drain is undone where the connection is down" 1 State rolled-back
equal "and its path given back" online "$(admin nvme1 nvme0c1n2)"
equal "the hold has its owner" "hold uid 0 swap" \
	"$(admin nvme1 nvme0c1n1) $(property nvme0c1n1 HoldOwner) $(property nvme0c1n1 HoldReason)"
equal "nobody else holds anything" 0 "$(grep -c 'held by nobody' "$T/log")"
stop_daemon KILL
connection up 9
start_daemon
equal "nor does another id make it a stranger" "hold uid 0" \
	"$(admin nvme1 nvme0c1n1) $(property nvme0c1n1 HoldOwner)"
becomes "its time ends, too" nvme0c1n1 AdminState online
equal "no record is left" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"

within 5 is nvme0c1n2 Usable true
stop_kernel			# the test says what becomes of the path
transitions=$(property nvme0c1n2 Transitions)
connection up 12
put "$c1/nvme0c1n2/path_state" ana_inaccessible
within 5 is nvme0c1n2 Usable false
equal "its transitions are counted on" $((transitions + 1)) "$(property nvme0c1n2 Transitions)"
put "$c1/nvme0c1n2/path_state" usable
within 5 is nvme0c1n2 Usable true
start_kernel

call nvme1 Drain tst 60000000 swap 0 >/dev/null
becomes "a controller is drained" 2 State draining
stop_daemon KILL
connection down 12
start_daemon
becomes "that is undone, too" 2 State rolled-back
equal "all of it" "online online" "$(admin nvme1 nvme0c1n1) $(admin nvme1 nvme0c1n2)"

manager Hold sstt nvme1 "of old" 5000000 0 >/dev/null
put "$c1/nvme0c1n1/inflight" "       1        0"
stop_daemon KILL
# What a daemon of before left: version 1, with address and id in the key.
for record in "$T"/run/hold-*.json; do
	sed -i -E 's/"version":2/"version":1/; s/"ino":[0-9]+,//; s/"key":"([^"]*\\n[0-9]+)\\n[^"]*"/"key":"\1\\ntraddr=10.0.0.1,trsvcid=4420\\n2"/' "$record"
done
equal "a record is as it was" 2 "$(grep -l '"version":1' "$T"/run/hold-*.json | xargs grep -L '"ino"' | wc -l)"
start_daemon
equal "an older daemon's hold is known" "hold of old" \
	"$(admin nvme1 nvme0c1n1) $(property nvme0c1n1 HoldReason)"
becomes "and ends" nvme0c1n1 AdminState online
becomes "all of it" nvme0c1n2 AdminState online
equal "with its record" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"

connection up 13
for n in 1 2; do put "$c1/nvme0c1n$n/admin_state" hold; done
stop_daemon KILL
start_daemon
equal "what somebody held by hand is named" 1 \
	"$(grep -c '2 paths are held by nobody that is known, .*: nvme0c1n1, nvme0c1n2$' "$T/log")"
equal "and left alone" hold "$(admin nvme1 nvme0c1n1)"
finish
