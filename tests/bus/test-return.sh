#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A path that returns is held until it has settled; a drain by the kernel's word.
# The test is the kernel here: it says what becomes of each write.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }
reads() { [ "$(cat "$1")" = "$2" ]; }
c1=$T/sys/class/nvme/nvme1
births=$T/sys/class/nvme-subsystem/nvme-subsys0/new_path_admin_state

start_bus
fake_pair "$T/sys"
for p in nvme0/nvme0c0n1 nvme0/nvme0c0n2 nvme1/nvme0c1n1 nvme1/nvme0c1n2; do
	put "$T/sys/class/nvme/$p/drain_state" idle
done
put "$births" online
start_daemon
case $(bc get-property $NAME $ROOT $NAME.Manager KernelFeatures) in
*'"drain_state" "new_path_admin_state"'*) ok "the kernel's features are seen" ;;
*) not_ok "features: $(bc get-property $NAME $ROOT $NAME.Manager KernelFeatures)" ;;
esac

kernel_takes_holds()
{
	local n

	for n in 1 2; do
		within 5 reads "$c1/nvme0c1n$n/admin_state" hold || not_ok "path $n is not held"
		put "$c1/nvme0c1n$n/drain_state" draining
		put "$c1/nvme0c1n$n/path_state" held
	done
}
put "$c1/nvme0c1n1/queue/iostats" 0	# drain_state does not need them
manager Remove stst nvme1 30000000 x 0 >/dev/null
kernel_takes_holds
becomes "a removal drains" 1 State draining
sleep 0.3
equal "no count of 0 ends it" draining "$(property 1 State)"
put "$c1/nvme0c1n1/drain_state" drained
sleep 0.2
equal "nor one path of two" draining "$(property 1 State)"
put "$c1/nvme0c1n2/drain_state" drained
becomes "the kernel's word does" 1 State detaching
mv "$c1" "$T/gone"
rm "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme1"
becomes "it is gone" 1 State detached

back()
{
	put "$T/gone/delete_controller" ""
	put "$T/gone/state" connecting
	for n in 1 2; do
		put "$T/gone/nvme0c1n$n/admin_state" "$1"
		put "$T/gone/nvme0c1n$n/path_state" "${2}ctrl_down"
		put "$T/gone/nvme0c1n$n/drain_state" idle
	done
	mv "$T/gone" "$c1"
	ln -s ../../nvme/nvme1 "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme1"
}
back online ""
within 5 is nvme1 State connecting
call 1 Restore t 0 >/dev/null
becomes "a path that returns is held as soon as it is seen" nvme0c1n1 AdminState hold
equal "with a reason" returning "$(property nvme0c1n1 HoldReason)"
within 5 reads "$c1/nvme0c1n2/admin_state" hold
equal "how new paths are born is left alone" online "$(cat "$births")"
for n in 1 2; do put "$c1/nvme0c1n$n/path_state" "held ctrl_down"; done
sleep 0.5
equal "not released while its controller is away" "restoring hold" \
	"$(property 1 State) $(admin nvme1 nvme0c1n1)"
put "$c1/state" live
put "$c1/nvme0c1n1/path_state" held
sleep 0.5
equal "nor while one of them is not ready" hold "$(admin nvme1 nvme0c1n1)"
put "$c1/nvme0c1n2/path_state" held
within 5 reads "$c1/nvme0c1n1/admin_state" online && ok "released when all have settled"
within 5 reads "$c1/nvme0c1n2/admin_state" online && ok "all of them"
equal "not restored before they are usable" restoring "$(property 1 State)"
for n in 1 2; do put "$c1/nvme0c1n$n/path_state" usable; done
becomes "then it is" 1 State restored
equal "how new paths are born was left alone" online "$(cat "$births")"
equal "no record of a hold is left" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"

manager Remove stst nvme1 30000000 x 0 >/dev/null
kernel_takes_holds
for n in 1 2; do put "$c1/nvme0c1n$n/drain_state" drained; done
becomes "once more" 2 State detaching
mv "$c1" "$T/gone"
rm "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme1"
becomes "it is gone again" 2 State detached
back hold "held "
within 5 is nvme1 State connecting
call 2 Restore t 0 >/dev/null
becomes "one that was born held is taken into the book" nvme0c1n1 HoldReason returning
stop_daemon KILL
equal "the daemon dies" hold "$(admin nvme1 nvme0c1n1)"
start_daemon
becomes "the next one goes on" 2 State restoring
put "$c1/state" live
for n in 1 2; do put "$c1/nvme0c1n$n/path_state" held; done
within 5 reads "$c1/nvme0c1n1/admin_state" online && ok "releases"
within 5 reads "$c1/nvme0c1n2/admin_state" online && ok "all of it"
for n in 1 2; do put "$c1/nvme0c1n$n/path_state" usable; done
becomes "and is through" 2 State restored
finish
