#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# SIGKILL in the states of removals of several controllers: the next daemon
# finishes or undoes, and holds nothing that nobody asked for.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }
held() { grep -l hold "$T"/sys/class/nvme/nvme?/nvme*/admin_state 2>/dev/null | wc -l; }
none_held() { [ "$(held)" = 0 ]; }

start_bus
fake_pair "$T/sys"
for c in 2 3; do
	fake_controller "$T/sys" nvme-subsys0 nvme$c tcp \
		"traddr=10.0.0.$c,trsvcid=4420,host_iface=eth2"
	for n in 1 2; do
		fake_path "$T/sys" nvme$c nvme0c${c}n$n $n
	done
done
start_kernel
start_daemon

put "$T/sys/class/nvme/nvme3/nvme0c3n2/inflight" "       1        0"
manager Remove stst host-iface=eth2 30000000 x 0 >/dev/null
becomes "two controllers drain" 1 State draining
manager Remove stst nvme1 30000000 x 0 >/dev/null
becomes "a third one is queued" 2 State queued
stop_daemon KILL
equal "four paths are held, none of the one in the queue" 4 "$(held)"
start_daemon
becomes "the one at work is undone" 1 State rolled-back
becomes "the queued one with it" 2 State rolled-back
within 5 none_held
equal "nothing is held" 0 "$(held)"

put "$T/sys/class/nvme/nvme3/nvme0c3n2/inflight" "       0        0"
manager Remove stst host-iface=eth2 30000000 "switch swap" 4 >/dev/null
becomes "a hold for maintenance" 3 State drained
stop_daemon KILL
start_daemon
equal "outlives the daemon" "drained 4" "$(property 3 State) $(held)"
equal "with its reason" "switch swap" "$(property nvme0c3n1 HoldReason)"
equal "and is released by the next" "" "$(manager Release st host-iface=eth2 0)"

stop_kernel	# nobody deletes a controller from here on
for p in nvme2/nvme0c2n1 nvme2/nvme0c2n2 nvme3/nvme0c3n1 nvme3/nvme0c3n2; do
	put "$T/sys/class/nvme/$p/path_state" usable
done
within 5 is nvme0n1 UsablePaths 4
manager Remove stst host-iface=eth2 30000000 x 0 >/dev/null
becomes "both are being detached" 4 State detaching
stop_daemon KILL
mv "$T/sys/class/nvme/nvme2" "$T/gone.nvme2"	# one went, the other stays
rm "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme2"
start_daemon
becomes "half a detach is no success" 4 State failed
equal "what stayed is released" "online online" \
	"$(admin nvme3 nvme0c3n1) $(admin nvme3 nvme0c3n2)"
equal "what went can be brought back" true "$(property 4 CanRestore)"
equal "no record of a hold is left" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"
finish
