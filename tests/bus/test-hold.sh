#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Holds, releases and what is refused.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

start_bus
fake_pair "$T/sys"
start_kernel
start_daemon

n=$(bc call $NAME $ROOT org.freedesktop.DBus.ObjectManager GetManagedObjects |
	grep -o '"/io[^"]*" [0-9]* "org' | wc -l)
equal "every object is managed: 1 + 2 + 2 + 4" 9 "$n"
equal "protection is full" 's "full"' \
	"$(bc get-property $NAME $ROOT $NAME.Manager Protection)"
equal "an unknown counter is -1" -1 "$(property nvme0c0n1 Retries)"
equal "a counter is what sysfs says" 2 "$(property nvme0c0n1 Failovers)"
equal "a head counts its usable paths" 2 "$(property nvme0n1 UsablePaths)"

equal "a path is held" "" "$(call nvme0c0n1 Hold st 'switch swap' 0)"
equal "the kernel was told" hold "$(admin nvme0 nvme0c0n1)"
becomes "the path says so" nvme0c0n1 PathState held
equal "and why" "switch swap" "$(property nvme0c0n1 HoldReason)"
equal "and who" "uid 0" "$(property nvme0c0n1 HoldOwner)"
equal "a record is there" 1 "$(find "$T/run" -name 'hold-*.json' | wc -l)"
becomes "the head has one usable path left" nvme0n1 UsablePaths 1
becomes "the change is counted" nvme0c0n1 LastChange "usable -> held"

out=$(call nvme0c1n1 Hold st x 0)
case $out in
*nvme0n1*) ok "the last usable path is not held, and the head is named" ;;
*) not_ok "holding the last path: $out" ;;
esac
equal "nothing was written" online "$(admin nvme1 nvme0c1n1)"
out=$(call nvme1 Hold st x 0)
case $out in
*"without nvme1 "*nvme0n1*) ok "nor is its controller" ;;
*) not_ok "holding the last path's controller: $out" ;;
esac
equal "none of its paths was touched" online "$(admin nvme1 nvme0c1n2)"
for verb in "Drain tst 0 x 0" "Remove tst 0 x 0"; do
	# shellcheck disable=SC2086
	out=$(call nvme1 $verb)
	case $out in
	*"no usable path"*) ok "${verb%% *} of it is refused, too" ;;
	*) not_ok "$verb: $out" ;;
	esac
done
equal "no removal came of it" 0 "$(bc tree --list $NAME | grep -c removal/)"

equal "it is released" "" "$(call nvme0c0n1 Release t 0)"
equal "the kernel was told that, too" online "$(admin nvme0 nvme0c0n1)"
becomes "the path is usable" nvme0c0n1 PathState usable
equal "nobody holds it" "" "$(property nvme0c0n1 HoldOwner)"
equal "one is held for no reason" "" "$(call nvme0c0n1 Hold st '' 0)"
equal "which is said" "none given" "$(property nvme0c0n1 HoldReason)"
equal "and released" "" "$(call nvme0c0n1 Release t 0)"
equal "the record is gone" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"

equal "a controller is held" "" "$(call nvme0 Hold st both 0)"
equal "with all its paths" "hold hold" "$(admin nvme0 nvme0c0n1) $(admin nvme0 nvme0c0n2)"
put "$T/sys/class/nvme/nvme0/nvme0c0n1/admin_state" online
becomes "somebody else's online ends the hold" nvme0c0n1 HoldOwner ""
equal "the other path stays held" "uid 0" "$(property nvme0c0n2 HoldOwner)"
equal "the controller is released" "" "$(call nvme0 Release t 0)"

out=$(call nvme0c0n1 Hold st x 1)
case $out in
*"no flag"*) ok "flags are refused" ;;
*) not_ok "flags: $out" ;;
esac
out=$(call nvme0c9n1 Hold st x 0)
case $out in
*nknown*) ok "an unknown path is an unknown object" ;;
*) not_ok "unknown object: $out" ;;
esac
out=$(call nvme0c0n1 Hold st $'a\nb' 0)
case $out in
*"control character"*) ok "a reason is one line" ;;
*) not_ok "reason: $out" ;;
esac
if out=$(setpriv --reuid=65534 --clear-groups busctl --address="$ADDRESS" call \
		$NAME $ROOT/path/nvme0c0n1 $NAME.Path Hold st x 0 2>&1); then
	not_ok "nobody may hold a path"
else
	case $out in
	*"only root"*|*"Access denied"*) ok "only root may hold a path" ;;
	*) not_ok "as nobody: $out" ;;
	esac
fi
equal "nothing is held" "online online" "$(admin nvme0 nvme0c0n1) $(admin nvme0 nvme0c0n2)"

put "$T/sys/class/nvme/nvme0/state" connecting
becomes "a controller's state is followed" nvme0 State connecting
finish
