#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Drains and removals, those that go through and those that do not.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

start_bus
fake_pair "$T/sys"
start_kernel
start_daemon
c1=$T/sys/class/nvme/nvme1

equal "a drain begins" 'o "/io/github/nvmpath1/removal/_31"' \
	"$(call nvme0c1n1 Drain tst 0 swap 0)"
becomes "it drains" 1 State drained
equal "the path stays held" hold "$(admin nvme1 nvme0c1n1)"
equal "it names its removal" "$ROOT/removal/_31" "$(property nvme0c1n1 Removal)"
equal "it is released like any other" "" "$(call nvme0c1n1 Release t 0)"

put "$c1/nvme0c1n1/inflight" "       3        4"
call nvme0c1n1 Drain tst 200000 x 0 >/dev/null
becomes "a drain that runs out of time fails" 2 State failed
equal "and says why" 110 "$(property 2 Errno)"
equal "its path stays held" hold "$(admin nvme1 nvme0c1n1)"
call nvme0c1n1 Release t 0 >/dev/null

call nvme1 Remove tst 200000 x 0 >/dev/null
becomes "a removal that runs out of time is undone" 3 State rolled-back
equal "its holds are released" "online online" \
	"$(admin nvme1 nvme0c1n1) $(admin nvme1 nvme0c1n2)"
equal "it saw what was in flight" 7 "$(property 3 InFlightPeak)"

call nvme1 Remove tst 30000000 x 0 >/dev/null
becomes "a removal waits" 4 State draining
call nvme0 Remove tst 0 x 0 >/dev/null
becomes "a second one in the subsystem waits" 5 State queued
equal "and says for what" "waits for removal 4 of nvme1" "$(property 5 Detail)"
equal "it has touched nothing" "online online" \
	"$(admin nvme0 nvme0c0n1) $(admin nvme0 nvme0c0n2)"
equal "it can be cancelled" "" "$(call 5 Cancel t 0)"
becomes "and is over" 5 State rolled-back
out=$(call nvme0c1n2 Release t 0)
case $out in
*"at work"*) ok "its paths are not to be touched" ;;
*) not_ok "release during a removal: $out" ;;
esac
equal "it can be cancelled" "" "$(call 4 Cancel t 0)"
becomes "and is undone" 4 State rolled-back
equal "with its holds" online "$(admin nvme1 nvme0c1n1)"
out=$(call 4 Restore t 0)
case $out in
*"cannot be restored"*) ok "there is nothing to restore" ;;
*) not_ok "restore: $out" ;;
esac

call nvme0c1n1 Hold st mine 0 >/dev/null
call nvme1 Remove tst 200000 x 0 >/dev/null
becomes "a removal over an older hold is undone" 6 State rolled-back
equal "the older hold stays" "hold online" \
	"$(admin nvme1 nvme0c1n1) $(admin nvme1 nvme0c1n2)"
equal "with its reason" mine "$(property nvme0c1n1 HoldReason)"
call nvme0c1n1 Release t 0 >/dev/null

call nvme1 Remove tst 30000000 x 0 >/dev/null
becomes "a removal waits for its requests" 7 State draining
put "$T/sys/class/nvme/nvme0/nvme0c0n1/admin_state" hold
becomes "it is undone when the other path goes away" 7 State rolled-back
case $(property 7 Detail) in
*"other paths to nvme0n1"*) ok "and names the namespace" ;;
*) not_ok "detail: $(property 7 Detail)" ;;
esac
equal "nothing of it is held" "online online" \
	"$(admin nvme1 nvme0c1n1) $(admin nvme1 nvme0c1n2)"
put "$T/sys/class/nvme/nvme0/nvme0c0n1/admin_state" online
within 5 is nvme0c0n1 Usable true

put "$c1/nvme0c1n1/inflight" "       0        0"
put "$c1/nvme0c1n1/queue/iostats" 0
out=$(call nvme1 Remove tst 0 x 0)
case $out in
*nvme0c1n1/queue/iostats*) ok "requests that are not counted cannot be waited for" ;;
*) not_ok "iostats: $out" ;;
esac
put "$c1/nvme0c1n1/queue/iostats" 1

call nvme0c1n1 Remove tst 0 x 0 >/dev/null
becomes "a controller that cannot be asked detaches no single path" 8 State refused
case $(property 8 Detail) in
*"remove the controller nvme1 instead"*) ok "the controller is named" ;;
*) not_ok "detail: $(property 8 Detail)" ;;
esac
equal "nothing was held for it" online "$(admin nvme1 nvme0c1n1)"

call nvme1 Remove tst 0 "replace switch" 0 >/dev/null
becomes "a controller is removed" 9 State detached
equal "by the kernel" 1 "$(cat "$T/gone.nvme1/delete_controller")"
equal "it was held until then" "hold hold" \
	"$(cat "$T/gone.nvme1/nvme0c1n1/admin_state") $(cat "$T/gone.nvme1/nvme0c1n2/admin_state")"
equal "its record can bring it back" true "$(property 9 CanRestore)"
equal "no hold is left in the book" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"
equal "its objects are gone" 0 "$(bc tree --list $NAME | grep -c nvme0c1)"
out=$(call nvme0 Remove tst 0 x 0)
case $out in
*"no usable path"*) ok "the other controller is the last: refused" ;;
*) not_ok "last: $out" ;;
esac

call 9 Restore t 0 >/dev/null
becomes "a restore that cannot connect fails" 9 State failed
equal "and may be tried again" true "$(property 9 CanRestore)"
put "$T/gone.nvme1/delete_controller" ""
mv "$T/gone.nvme1" "$c1"
put "$c1/nvme0c1n1/admin_state" online
put "$c1/nvme0c1n2/admin_state" online
ln -s ../../nvme/nvme1 "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme1"
within 5 is nvme0c1n1 Usable true
call 9 Restore t 0 >/dev/null
becomes "it finds the controller that came back by itself" 9 State restored

put "$c1/nvme0c1n1/inflight" "       1        0"
call nvme0c1n1 Drain tst 5000000 x 0 >/dev/null
becomes "a drain waits" 10 State draining
stop_kernel	# it would write the folder back
rm -rf "$c1/nvme0c1n1"
becomes "a path that goes by itself ends its drain" 10 State failed
equal "with ENODEV" 19 "$(property 10 Errno)"

for _ in $(seq 70); do	# refused at once: nobody answers as nvme0
	id=$(call nvme0c0n2 Remove tst 0 x 0 | sed 's/.*_3\([0-9]\)\(.*\)"/\1\2/')
	within 5 is "$id" State refused
done
equal "64 removals that rest are kept" 64 "$(bc tree --list $NAME | grep -c removal/)"
equal "and as many records" 64 "$(find "$T/run" -name 'removal-*.json' | wc -l)"
finish
