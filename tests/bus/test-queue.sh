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
call nvme0c2n1 Drain tst 30000000 x 0 >/dev/null
becomes "a path waits behind it" 8 State queued
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
call nvme0 Release t 0 >/dev/null
call nvme0c2n1 Release t 0 >/dev/null
within 10 is nvme0n1 UsablePaths 3

# What has the name when its turn comes is not what it was asked for.
fake_other "$T/sys" nvme8 10.0.1.8 nvme9 10.0.1.9
within 10 is nvme1n1 UsablePaths 2
put "$c0/nvme0c0n1/inflight" "       1        0"
call nvme0 Drain tst 30000000 x 0 >/dev/null
becomes "a drain is at work again" 9 State draining
call nvme1 Remove tst 30000000 x 0 >/dev/null
becomes "a controller waits" 10 State queued
rm "$T"/sys/class/nvme-subsystem/nvme-subsys0/nvme1
mv "$c1" "$T/away"
mv "$T/sys/class/nvme/nvme9" "$c1"
mv "$c1/nvme1c9n1" "$c1/nvme1c1n1"
rm "$T/sys/class/nvme-subsystem/nvme-subsys1/nvme9"
ln -s ../../nvme/nvme1 "$T/sys/class/nvme-subsystem/nvme-subsys1/nvme1"
within 10 is nvme1 Subsystem "$ROOT/subsystem/nvme_2dsubsys1"
put "$c0/nvme0c0n1/inflight" "       0        0"
becomes "the drain is through once more" 9 State drained
becomes "the name was another's by then" 10 State refused
case $(property 10 Detail) in
*"nvme1 was replaced while the removal waited"*) ok "and that is said" ;;
*) not_ok "detail: $(property 10 Detail)" ;;
esac
equal "which was not touched" online "$(admin nvme1 nvme1c1n1)"
call nvme0 Release t 0 >/dev/null

# An address may have come to where another removal is at work meanwhile.
within 10 is nvme0n1 UsablePaths 2
put "$c0/nvme0c0n1/inflight" "       1        0"
call nvme0 Drain tst 30000000 x 0 >/dev/null
becomes "a drain is at work, the third time" 11 State draining
put "$c1/nvme1c1n1/inflight" "       1        0"
call nvme1 Drain tst 30000000 x 0 >/dev/null
becomes "and one in the other subsystem" 12 State draining
bc call $NAME $ROOT $NAME.Manager Drain stst traddr=10.0.1.8 30000000 x 0 >/dev/null
becomes "an address waits for that" 13 State queued
fake_controller "$T/sys" nvme-subsys0 nvme5 tcp traddr=10.0.1.8,trsvcid=4420
fake_path "$T/sys" nvme5 nvme0c5n1 1
within 10 is nvme0c5n1 Usable true
put "$c1/nvme1c1n1/inflight" "       0        0"
becomes "that is through" 12 State drained
becomes "the address is in both by then" 13 State refused
case $(property 13 Detail) in
*"removal 11 of nvme0 is at work where traddr=10.0.1.8 has come to be"*) ok "and that is said, too" ;;
*) not_ok "detail: $(property 13 Detail)" ;;
esac
equal "it has held nothing" "online online" "$(admin nvme8 nvme1c8n1) $(admin nvme5 nvme0c5n1)"
put "$c0/nvme0c0n1/inflight" "       0        0"
becomes "the drain is through at last" 11 State drained
finish
