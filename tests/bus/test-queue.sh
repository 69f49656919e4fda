#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# One at a time in a subsystem: what waits is checked anew, and a restore waits, too.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

c0=$T/sys/class/nvme/nvme0 c1=$T/sys/class/nvme/nvme1
start_bus
fake_pair "$T/sys"
fake_controller "$T/sys" nvme-subsys0 nvme2 tcp traddr=10.0.0.2,trsvcid=4420
for n in 1 2; do fake_path "$T/sys" nvme2 nvme0c2n$n $n; done
start_kernel
start_daemon

for p in "$c0/nvme0c0n1" "$c1/nvme0c1n1"; do put "$p/inflight" "       1        0"; done
call nvme0 Drain tst 30000000 x 0 >/dev/null
becomes "a drain is at work" 1 State draining
call nvme1 Drain tst 30000000 x 0 >/dev/null
becomes "a second one waits" 2 State queued
call nvme2 Remove tst 30000000 x 0 >/dev/null
becomes "and a removal" 3 State queued
put "$c0/nvme0c0n1/inflight" "       0        0"
becomes "the first is through" 1 State drained
becomes "the second is at work" 2 State draining
for n in 1 2; do within 10 is nvme0n$n UsablePaths 1; done	# the fake kernel takes its time
put "$c1/nvme0c1n1/inflight" "       0        0"
becomes "and is through" 2 State drained
becomes "the removal would take the last path by then" 3 State refused
case $(property 3 Detail) in
*"no usable path is left to nvme0n1"*) ok "and says so" ;;
*) not_ok "detail: $(property 3 Detail)" ;;
esac
equal "it has touched nothing" "online online" \
	"$(admin nvme2 nvme0c2n1) $(admin nvme2 nvme0c2n2)"
call nvme0 Release t 0 >/dev/null
call nvme1 Release t 0 >/dev/null
within 10 is nvme0n1 UsablePaths 3

call nvme1 Remove tst 30000000 x 0 >/dev/null
becomes "a controller is removed" 4 State detached
put "$c0/nvme0c0n1/inflight" "       1        0"
call nvme0 Drain tst 30000000 x 0 >/dev/null
becomes "another removal is at work" 5 State draining
equal "a restore can be asked for" "" "$(call 4 Restore t 0)"
equal "and waits" "queued" "$(property 4 State)"
equal "and says for what" "waits for removal 5 of nvme0" "$(property 4 Detail)"
call nvme2 Drain tst 30000000 x 0 >/dev/null
becomes "one that asks later" 6 State queued
equal "waits for its turn, too" "waits for removal 5 of nvme0" "$(property 6 Detail)"
equal "the restore can be called off" "" "$(call 4 Cancel t 0)"
becomes "it is detached as before" 4 State detached
equal "and can still be restored" true "$(property 4 CanRestore)"
call 4 Restore t 0 >/dev/null
becomes "asked for again, it waits" 4 State queued
stop_daemon KILL
start_daemon
becomes "a restart leaves it detached" 4 State detached
equal "and says why" "its restore was not begun before the daemon stopped" "$(property 4 Detail)"
becomes "what was at work is undone" 5 State rolled-back
becomes "and what waited" 6 State rolled-back

call nvme0 Drain tst 30000000 x 0 >/dev/null
becomes "once more" 7 State draining
call 4 Restore t 0 >/dev/null
becomes "it waits" 4 State queued
call nvme2 Drain tst 30000000 x 0 >/dev/null
becomes "another waits behind it" 8 State queued
put "$T/gone.nvme1/delete_controller" ""
mv "$T/gone.nvme1" "$c1"	# it comes back by itself
for n in 1 2; do put "$c1/nvme0c1n$n/admin_state" online; done
ln -s ../../nvme/nvme1 "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme1"
within 10 is nvme0c1n1 Usable true
equal "it still waits" queued "$(property 4 State)"
put "$c0/nvme0c0n1/inflight" "       0        0"
becomes "the drain is through" 7 State drained
becomes "then it is restored" 4 State restored
becomes "and then the last has its turn" 8 State drained
finish
