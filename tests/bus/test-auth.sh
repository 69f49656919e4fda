#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Who may do what: root everything, others what polkit says, nothing without it.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

# The distribution's Python has the distribution's modules.
python=/usr/bin/python3
$python -c 'import dbusmock' 2>/dev/null || { echo "no python-dbusmock"; exit 77; }
mock=''
trap 'kill $mock $monitor 2>/dev/null; cleanup' EXIT
monitor=''

start_polkit()
{
	DBUS_SYSTEM_BUS_ADDRESS=$ADDRESS $python -m dbusmock --system --template polkitd \
		>"$T/polkit.log" 2>&1 &
	mock=$!
	within 10 bc introspect org.freedesktop.PolicyKit1 /org/freedesktop/PolicyKit1/Authority
}
polkit() { bc call org.freedesktop.PolicyKit1 /org/freedesktop/PolicyKit1/Authority \
	org.freedesktop.DBus.Mock "$@" >/dev/null; }
allow() { polkit SetAllowed as $# "${@/#/$NAME.}"; }

as_nobody() # OBJECT METHOD ...
{
	local object=$1 path iface
	shift
	path=$(object "$object") iface=$(interface "$object")
	[ "$object" != manager ] || { path=$ROOT iface=$NAME.Manager; }
	setpriv --reuid=65534 --clear-groups busctl --address="$ADDRESS" --timeout=20 call \
		$NAME "$path" "$iface" "$@" 2>&1
}
refused() # WHAT TEXT OUTPUT
{
	case $3 in
	*"$2"*) ok "$1" ;;
	*) not_ok "$1: $3" ;;
	esac
}

start_bus
fake_pair "$T/sys"
start_kernel
start_daemon

refused "without polkit nobody holds" "Access denied" "$(as_nobody nvme0c0n1 Hold st x 0)"
refused "nor asks for history" "Access denied" "$(as_nobody manager History ttsut 0 0 "" 0 0)"
equal "root does" "" "$(call nvme0c0n1 Hold st x 0)"
call nvme0c0n1 Release t 0 >/dev/null
equal "anybody reads" 's "nvme0c0n1"' "$(setpriv --reuid=65534 --clear-groups busctl \
	--address="$ADDRESS" get-property $NAME "$(object nvme0c0n1)" $NAME.Path Name)"

start_polkit
bc monitor --json=short --match="member=CheckAuthorization" >"$T/asked" &
monitor=$!
sleep 0.3
refused "what polkit refuses is refused" "Access denied" "$(as_nobody nvme0c0n1 Hold st x 0)"
equal "nothing was written" online "$(admin nvme0 nvme0c0n1)"
for word in '"io.github.nvmpath1.hold"' '"path":"nvme0c0n1"' '"action":"Hold"' \
	'"subsysnqn":"nqn.2026-01.test:pair"' '"controller":"nvme0"'; do
	if within 5 grep -qF "$word" "$T/asked"; then
		ok "polkit was told $word"
	else
		not_ok "polkit was not told $word: $(cat "$T/asked")"
	fi
done

allow hold
equal "what it allows is done" "" "$(as_nobody nvme0c0n1 Hold st swap 0)"
equal "by the kernel" hold "$(admin nvme0 nvme0c0n1)"
equal "in the caller's name" "uid 65534" "$(property nvme0c0n1 HoldOwner)"
equal "and is undone" "" "$(as_nobody nvme0c0n1 Release t 0)"
refused "to hold is not to remove" "Access denied" "$(as_nobody nvme1 Remove tst 0 x 0)"
equal "the Manager's Hold is asked the same way" "" "$(as_nobody manager Hold sstt nvme0c0n1 x 0 0)"
refused "force is another matter" "Access denied" "$(as_nobody manager Hold sstt nvme0c0n1 x 0 1)"
allow hold force
equal "that may be granted, too" "" "$(as_nobody manager Hold sstt nvme0c0n1 x 0 1)"
within 5 is nvme0c0n1 PathState held
as_nobody manager Release st nvme0c0n1 0 >/dev/null
within 5 is nvme0c0n1 Usable true
allow observe
refused "history is for those who may observe" "a(tsssssta{ss})" \
	"$(as_nobody manager History ttsut 0 0 "" 1 0)"
allow remove
case $(as_nobody nvme0c1n1 Drain tst 0 x 0) in
'o "/io/github/nvmpath1/removal/_31"') ok "a drain is a removal" ;;
*) not_ok "drain" ;;
esac
becomes "and goes through" 1 State drained
within 5 is nvme0c1n1 PathState held
call nvme0c1n1 Release t 0 >/dev/null
within 5 is nvme0c1n1 Usable true

# A target of many subsystems is asked for in each; a removal for what it was begun with.
asked() # ACTION WORD...: how often with these
{
	local lines

	lines=$(grep -F "\"action\":\"$1\"" "$T/asked")
	shift
	for word in "$@"; do lines=$(grep -F "$word" <<<"$lines"); done
	grep -c . <<<"$lines"
}
was_asked() { [ "$(asked "${@:2}")" = "$1" ]; }
fake_other "$T/sys" nvme7 10.0.0.1 nvme8 10.0.1.8
within 5 is nvme1n1 UsablePaths 2
as_nobody manager Drain stst traddr=10.0.0.1 0 x 0 >/dev/null
becomes "an address in two subsystems is drained" 2 State drained
for nqn in pair other; do
	if within 5 was_asked 1 Drain '"target":"traddr=10.0.0.1"' "\"subsysnqn\":\"nqn.2026-01.test:$nqn\""; then
		ok "polkit was asked for $nqn"
	else
		not_ok "polkit was not asked for $nqn: $(grep -F Drain "$T/asked")"
	fi
done
call nvme1 Release t 0 >/dev/null
call nvme7 Release t 0 >/dev/null
within 5 is nvme1 State live
within 5 is nvme0c1n1 Usable true
as_nobody nvme1 Remove tst 0 x 0 >/dev/null
becomes "a controller is removed" 3 State detached
mv "$T/sys/class/nvme/nvme7" "$T/sys/class/nvme/nvme1"
rm "$T/sys/class/nvme-subsystem/nvme-subsys1/nvme7"
mv "$T/sys/class/nvme/nvme1/nvme1c7n1" "$T/sys/class/nvme/nvme1/nvme1c1n1"
ln -s ../../nvme/nvme1 "$T/sys/class/nvme-subsystem/nvme-subsys1/nvme1"
within 5 is nvme1 Subsystem "$ROOT/subsystem/nvme_2dsubsys1"
allow hold
refused "to hold is not to restore" "Access denied" "$(as_nobody 3 Restore t 0)"
if within 5 was_asked 1 Restore '"controller":"nvme1"' '"subsysnqn":"nqn.2026-01.test:pair"'; then
	ok "polkit was asked for what was removed, and not for what has its name"
else
	not_ok "asked for a restore: $(grep -F Restore "$T/asked")"
fi
mv "$T/sys/class/nvme/nvme1" "$T/other"
rm "$T/sys/class/nvme-subsystem/nvme-subsys1/nvme1"
put "$T/gone.nvme1/delete_controller" ""
for n in 1 2; do
	put "$T/gone.nvme1/nvme0c1n$n/admin_state" online
	put "$T/gone.nvme1/nvme0c1n$n/path_state" usable
done
mv "$T/gone.nvme1" "$T/sys/class/nvme/nvme1"
ln -s ../../nvme/nvme1 "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme1"
for n in 1 2; do within 10 is nvme0n$n UsablePaths 2; done

# polkit thinks; the daemon does not wait for it.
allow hold
polkit SetDelay d 2
as_nobody nvme0c0n1 Hold st x 0 >"$T/slow" &
slow=$!
sleep 0.3
begin=$SECONDS
equal "meanwhile others are served" "" "$(call nvme0c0n2 Hold st x 0)"
[ $((SECONDS - begin)) -le 1 ] && ok "at once" || not_ok "it waited for polkit"
wait $slow
equal "the answer comes" "" "$(cat "$T/slow")"
call nvme0 Release t 0 >/dev/null
as_nobody nvme1 Hold st x 0 >"$T/slow" &
slow=$!
sleep 0.3
mv "$T/sys/class/nvme/nvme1" "$T/gone"
rm "$T"/sys/class/nvme-subsystem/*/nvme1
wait $slow
refused "what goes meanwhile is not held" "while polkit was asked" "$(cat "$T/slow")"

kill "$mock"
wait "$mock" 2>/dev/null
mock=''
refused "a polkit that is gone grants nothing" "Access denied" "$(as_nobody nvme0c0n1 Hold st x 0)"
finish
