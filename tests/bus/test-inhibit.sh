#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A shutdown or suspend while a removal is at work: logind waits, and is told.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

# The distribution's Python has the distribution's modules.
python=/usr/bin/python3
$python -c 'import dbusmock' 2>/dev/null || { echo "no python-dbusmock"; exit 77; }
mock=''
trap 'kill $mock 2>/dev/null; cleanup' EXIT

login1=org.freedesktop.login1
logind() { bc call $login1 /org/freedesktop/login1 "$@" 2>&1; }
locks() { logind $login1.Manager ListInhibitors; }
locked() { [[ $(locks) = *'"shutdown:sleep" "nvmpathd"'*'"delay"'* ]]; }
unlocked() { [ "$(locks)" = "a(ssssuu) 0" ]; }
tell() # SIGNAL TRUE-OR-FALSE
{
	logind org.freedesktop.DBus.Mock EmitSignal sssav $login1.Manager "$1" b 1 b "$2" >/dev/null
}
# Hooks of the end take their time: until there is a file.
hook=$T/root/etc/nvmpath/hooks.d/50-wait
mkdir -p "${hook%/*}"
cat >"$hook" <<EOF
#!/bin/sh
[ "\$1" = post ] || exit 0
touch $T/waits
until [ -e $T/go ]; do sleep 0.05; done
EOF
chmod 755 "$hook"
daemon_options=(--config-root="$T/root")
check() { if within 10 "${@:2}"; then ok "$1"; else not_ok "$1: $(locks)"; fi; }
c1=$T/sys/class/nvme/nvme1

start_bus
fake_pair "$T/sys"
start_kernel
start_daemon
put "$c1/nvme0c1n1/inflight" "       1        0"
busctl --address="$ADDRESS" monitor >"$T/monitor" 2>&1 &
mock=$!
within 10 grep -q "Monitoring bus" "$T/monitor"
call nvme1 Remove tst 30000000 x 0 >/dev/null
becomes "without logind a removal goes on" 1 State draining
check "and it is said that nobody waits" grep -q "No shutdown or suspend will wait" "$T/log"
call 1 Cancel t 0 >/dev/null
becomes "it is called off" 1 State rolled-back
check "the hooks of its end run" test -e "$T/waits"
put "$c1/nvme0c1n1/ana_state" inaccessible
check "a path changes meanwhile" grep -q '"inaccessible"' "$T/monitor"
touch "$T/go"
put "$c1/nvme0c1n1/ana_state" optimized
becomes "and once more" nvme0c1n1 AnaState optimized
kill $mock
equal "its lock is asked for once, whatever changes" 1 "$(grep -c Member=Inhibit "$T/monitor")"

start_logind()
{
	DBUS_SYSTEM_BUS_ADDRESS=$ADDRESS $python -m dbusmock --system --template logind \
		>"$T/logind.log" 2>&1 &
	mock=$!
	within 10 locks
}
start_logind
check "nothing is locked while nothing runs" unlocked
call nvme1 Remove tst 30000000 x 0 >/dev/null
becomes "a removal is at work" 2 State draining
check "while it is, logind waits" locked
call nvme0 Drain tst 30000000 x 0 >/dev/null
becomes "another one waits" 3 State queued
tell PrepareForSleep true
becomes "before a suspend it is given back" 2 State rolled-back
equal "and says why" "the machine was about to be suspended; its holds were released" \
	"$(property 2 Detail)"
becomes "what waited is over, too" 3 State rolled-back
equal "nothing is held" "online online" "$(admin nvme1 nvme0c1n1) $(admin nvme1 nvme0c1n2)"
check "then logind need not wait" unlocked
out=$(call nvme1 Remove tst 30000000 x 0)
case $out in
*"the machine is about to be suspended"*) ok "nothing new is begun" ;;
*) not_ok "a removal before a suspend: $out" ;;
esac
tell PrepareForSleep false
again() { call nvme1 Remove tst 30000000 x 0 | grep -q removal; }
check "after it, it is" again
becomes "as before" 4 State draining
check "with a lock" locked

stop_kernel	# the detach of this one takes its time
put "$c1/nvme0c1n1/inflight" "       0        0"
becomes "what detaches" 4 State detaching
tell PrepareForShutdown true
sleep 0.3
equal "is not called off by a shutdown" detaching "$(property 4 State)"
check "which waits for it" locked
mv "$c1" "$T/gone"
rm "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme1"
becomes "until it is through" 4 State detached
check "and no longer" unlocked
out=$(call 4 Restore t 0)
case $out in
*"the machine is about to be shut down"*) ok "nothing is brought back now" ;;
*) not_ok "a restore before a shutdown: $out" ;;
esac

# A logind that ends takes back what it told; one that was there before us says it.
kill "$mock"
wait "$mock" 2>/dev/null
restores() { [ "$(call 4 Restore t 0)" = "" ]; }
check "with the logind that told it this is over" restores
call 4 Cancel t 0 >/dev/null
stop_daemon TERM
start_logind
logind org.freedesktop.DBus.Mock UpdateProperties 'sa{sv}' $login1.Manager 1 \
	PreparingForSleep b true >/dev/null
start_daemon
refuses() { [[ $(call nvme0c0n1 Drain tst 0 x 0) = *"the machine is about to be suspended"* ]]; }
check "what began before the daemon did is known" refuses
finish
