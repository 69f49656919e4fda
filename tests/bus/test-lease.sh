#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Holds that end by themselves: in time, or with who asked for them.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }

# A caller that stays on the bus until its input ends: METHOD, signature, arguments
cat >"$T/caller.py" <<'EOP'
import ctypes, sys
sd = ctypes.CDLL("libsystemd.so.0")
bus = ctypes.c_void_p()
sd.sd_bus_new(ctypes.byref(bus))
sd.sd_bus_set_address(bus, sys.argv[1].encode())
sd.sd_bus_set_bus_client(bus, 1)
assert sd.sd_bus_start(bus) >= 0
m = ctypes.c_void_p()
base = b"io.github.nvmpath1"
sd.sd_bus_message_new_method_call(bus, ctypes.byref(m), base,
	b"/io/github/nvmpath1", base + b".Manager", sys.argv[2].encode())
for kind, value in zip(sys.argv[3], sys.argv[4:]):
	sd.sd_bus_message_append(m, kind.encode(),
		value.encode() if kind == "s" else ctypes.c_uint64(int(value)))
r = sd.sd_bus_call(bus, m, ctypes.c_uint64(0), None, None)
print("done" if r >= 0 else r, flush=True)
sys.stdin.read()
EOP
leased() # METHOD SIGNATURE ARG...: runs as coprocess $caller
{
	coproc CALLER { python3 "$T/caller.py" "$ADDRESS" "$@"; }
	caller=$CALLER_PID
	read -r answer <&"${CALLER[0]}"
	equal "$1 with a lease is answered" "done" "$answer"
}
leave() { kill "$caller"; wait "$caller" 2>/dev/null; }

start_bus
fake_pair "$T/sys"
start_kernel
start_daemon

before=$(($(date +%s%N) / 1000))
equal "a hold has a time to live" "" "$(manager Hold sstt nvme0c0n1 swap 3000000 0)"
expires=$(property nvme0c0n1 HoldExpiresUSec)
after=$(($(date +%s%N) / 1000))
if [ "$expires" -ge $((before + 3000000)) ] && [ "$expires" -le $((after + 3000000)) ]; then
	ok "and says when it ends"
else
	not_ok "HoldExpiresUSec is $expires"
fi
equal "the path is held" hold "$(admin nvme0 nvme0c0n1)"
becomes "it is released in time" nvme0c0n1 AdminState online
now=$(($(date +%s%N) / 1000))
if [ $now -ge "$expires" ] && [ $now -lt $((expires + 2000000)) ]; then
	ok "not before, and not much later"
else
	not_ok "released $((now - expires)) us after its time"
fi
equal "which is on record" 1 "$(grep -c 'nvme0c0n1: its hold by uid 0 ends: its time is over' "$T/log")"
equal "nothing is left of it" "0 " \
	"$(property nvme0c0n1 HoldExpiresUSec) $(property nvme0c0n1 HoldOwner)"
equal "a hold without one stays" "" "$(manager Hold sstt nvme0c0n1 swap 0 0)"
equal "and says so" 0 "$(property nvme0c0n1 HoldExpiresUSec)"
equal "taking it over gives it a time" "" "$(manager Hold sstt nvme0c0n1 swap 60000000 0)"
equal "with the same path held" hold "$(admin nvme0 nvme0c0n1)"
manager Release st nvme0c0n1 0 >/dev/null

leased Hold sstt nvme0 orchestrator 0 2
equal "a controller is held for its caller" "hold hold" \
	"$(admin nvme0 nvme0c0n1) $(admin nvme0 nvme0c0n2)"
sleep 0.3
equal "for as long as that is there" "hold hold" \
	"$(admin nvme0 nvme0c0n1) $(admin nvme0 nvme0c0n2)"
leave
becomes "it is released when the caller is gone" nvme0c0n1 AdminState online
becomes "all of it" nvme0c0n2 AdminState online

leased Hold sstt nvme0c0n1 orchestrator 0 2
stop_daemon KILL
start_daemon
equal "a restart keeps the hold of a caller that is there" hold "$(admin nvme0 nvme0c0n1)"
leave
becomes "and still minds the caller" nvme0c0n1 AdminState online

leased Hold sstt nvme0c0n1 orchestrator 0 2
manager Hold sstt nvme0c0n2 "a while" 3000000 0 >/dev/null
stop_daemon KILL
leave
sleep 3.2
equal "nobody minds while the daemon is down" "hold hold" \
	"$(admin nvme0 nvme0c0n1) $(admin nvme0 nvme0c0n2)"
start_daemon
becomes "a caller that left meanwhile is missed" nvme0c0n1 AdminState online
becomes "and so is a time that is over" nvme0c0n2 AdminState online
equal "no record is left" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"

becomes "the other paths are usable" nvme0c0n1 PathState usable
becomes "both of them" nvme0c0n2 PathState usable
put "$T/sys/class/nvme/nvme1/nvme0c1n1/inflight" "       1        0"
leased Remove stst nvme1 30000000 orchestrator 2
becomes "a removal is at work for its caller" 1 State draining
leave
becomes "it is undone when the caller is gone" 1 State rolled-back
equal "nothing of it is held" "online online" \
	"$(admin nvme1 nvme0c1n1) $(admin nvme1 nvme0c1n2)"
manager Hold sstt nvme0c1n2 short 3000000 0 >/dev/null
manager Drain stst nvme1 6000000 x 0 >/dev/null
becomes "a hold whose time ends during a removal" 2 State failed
becomes "ends after it" nvme0c1n2 AdminState online
equal "the removal's own hold stays" hold "$(admin nvme1 nvme0c1n1)"
manager Release st nvme1 0 >/dev/null
put "$T/sys/class/nvme/nvme1/nvme0c1n1/inflight" "       0        0"
becomes "all is usable" nvme0c1n1 PathState usable
manager Hold sstt nvme0c1n2 short 3000000 0 >/dev/null
manager Drain stst nvme1 6000000 flash 0 >/dev/null
becomes "one that is drained" 3 State drained
equal "is the drain's from then on" "flash 0" \
	"$(property nvme0c1n2 HoldReason) $(property nvme0c1n2 HoldExpiresUSec)"
sleep 3.5
equal "and has no end before that" "hold hold" \
	"$(admin nvme1 nvme0c1n1) $(admin nvme1 nvme0c1n2)"
stop_daemon KILL
start_daemon
equal "after a restart, too" "hold flash" \
	"$(admin nvme1 nvme0c1n2) $(property nvme0c1n2 HoldReason)"
stop_daemon KILL
# As if it had been killed right before that.
sed -i -E 's/"taken":1/"taken":0/' "$T/run/removal-3.json"
sed -i -E 's/"reason":"flash"/"reason":"short"/' "$(grep -l '"nvme0c1n2"' "$T"/run/hold-*.json)"
start_daemon
equal "or in the moment between" flash "$(property nvme0c1n2 HoldReason)"
stop_daemon KILL
sed -i -E 's/"taken":1/"taken":0/' "$T/run/removal-3.json"
put "$T/sys/class/nvme/nvme1/nvme0c1n2/admin_state" online
start_daemon
equal "what was released meanwhile is nobody's" "" "$(property nvme0c1n2 HoldOwner)"
call nvme0c1n2 Hold st another 0 >/dev/null
stop_daemon KILL
sed -i -E 's/"taken":[01],//' "$T/run/removal-3.json"
start_daemon
equal "an older daemon's drain takes no other's" another "$(property nvme0c1n2 HoldReason)"
equal "a release ends both" "" "$(manager Release st nvme1 0)"
equal "all of it is online" "online online" \
	"$(admin nvme1 nvme0c1n1) $(admin nvme1 nvme0c1n2)"
finish
