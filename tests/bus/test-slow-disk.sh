#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Files that cannot be read, on a disk that does not answer: what waits for them
# holds up no release, however many ask. A FIFO that nobody writes to stands for
# such a file.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

nvme=$T/root/etc/nvme etc=$T/root/etc/nvmpath
flood=''
trap 'kill $flood $listener 2>/dev/null; cleanup' EXIT
listener=''

threads() { find /proc/"$daemon"/task -mindepth 1 -maxdepth 1 | wc -l; }
more_threads() { [ "$(threads)" -gt "$1" ]; }
all_idle() { [ "$(threads)" = 1 ]; }
answers() { wc -l <"$T/answers"; }
answered() { [ "$(answers)" -ge "$1" ]; }
said() { grep -c "$1" "$T/answers"; }

no_disk() # FILE: whoever opens it waits
{
	mkfifo "$1.new" && mv "$1.new" "$1"
}
disk_is_back() # FILE [TEXT]: who waits reads TEXT; from now on it is a file
{
	exec 9<>"$1"
	printf '%s' "${2:-}" >&9
	printf '%s' "${2:-}" >"$1.new"
	mv "$1.new" "$1"
	sleep 0.5	# those that wait have it open now
	exec 9>&-
}

# Some 70 at once, by way of dbus-daemon: they have come when threads wait.
flood() # METHOD [SIGNATURE ARG...]
{
	local before

	before=$(threads)
	python3 "$here/flood.py" "$ADDRESS" 70 "$@" >"$T/answers" &
	flood=$!
	within 5 more_threads "$before" || not_ok "no $1 reads anything"
	sleep 0.5
}

at_once() # WHAT WANTED COMMAND...: its answer within a second
{
	local what=$1 wanted=$2 begin took out

	shift 2
	begin=$(date +%s%N)
	out=$("$@")
	took=$((($(date +%s%N) - begin) / 1000000))
	if [ "$out" != "$wanted" ]; then
		not_ok "$what: '$out' after $took ms"
	elif [ $took -gt $((1000 * ${NVMPATH_PATIENCE:-1})) ]; then
		not_ok "$what took $took ms"
	else
		ok "$what ($took ms)"
	fi
}

end_of() # REMOVAL STATE: says so, or what it is
{
	within 10 is "$1" State "$2"
	property "$1" State
}

mkdir -p "$nvme" "$etc"
echo '[]' >"$nvme/config.json"
python3 - "$T/notify" >"$T/notified" <<'EOP' &
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    for line in s.recv(4096).decode().splitlines():
        if line.startswith(("READY", "RELOADING")):
            print(line, flush=True)
EOP
listener=$!
within 5 test -S "$T/notify"

daemon_options=(--config-root="$T/root")
start_bus
fake_pair "$T/sys"
start_kernel
start_helper
export NOTIFY_SOCKET=$T/notify
start_daemon

# ---- Plan: nvme-cli's configuration ------------------------------------------

equal "a path is held" "" "$(call nvme0c0n1 Hold st x 0)"
put "$T/sys/class/nvme/nvme1/nvme0c1n2/inflight" "       1        0"
call nvme0c1n2 Drain tst 60000000 x 0 >/dev/null
becomes "another one drains" 1 State draining
no_disk "$nvme/config.json"
flood Plan st nvme1 0
if [ "$(threads)" -le 5 ]; then
	ok "of 70 plans four are being made"
else
	not_ok "$(threads) threads are at work on 70 plans"
fi
at_once "meanwhile a path is released" "" call nvme0c0n1 Release t 0
call 1 Cancel t 0 >/dev/null
at_once "a removal is rolled back" rolled-back end_of 1 rolled-back
equal "nothing is held" "online online" "$(admin nvme0 nvme0c0n1) $(admin nvme1 nvme0c1n2)"
put "$T/sys/class/nvme/nvme1/nvme0c1n2/inflight" "       0        0"
at_once "and a path is held" "" call nvme0c0n1 Hold st x 0
call nvme0c0n1 Release t 0 >/dev/null
within 10 answered 70
equal "all plans are answered in the end" 70 "$(answers)"
equal "what is no more than 64 wait for, with what is known" 68 "$(said '^ok')"
equal "and the others at once" 2 "$(said '\.Busy: too many plans')"
case $(call nvme0c1n1 Drain tst 3000000 x 0; bc call $NAME $ROOT $NAME.Manager Plan st nvme1 0) in
*"configuration could not be asked in time"*) ok "which says what is not" ;;
*) not_ok "a plan without the configuration says nothing of it" ;;
esac
if [ "$(threads)" -le 5 ]; then
	ok "no thread was added for those that were answered and still wait"
else
	not_ok "$(threads) threads after that"
fi
becomes "a drain, too, is not held up" 2 State drained
call nvme0c1n1 Release t 0 >/dev/null
disk_is_back "$nvme/config.json" '[]'
within 10 all_idle
equal "the threads end with what they waited for" 1 "$(threads)"
case $(bc call $NAME $ROOT $NAME.Manager Plan st nvme1 0) in
*"could not be asked in time"*) not_ok "the plan still has no configuration" ;;
*) ok "and plans are whole again" ;;
esac

# ---- Reload: our own configuration --------------------------------------------

equal "a path is held again" "" "$(call nvme0c0n1 Hold st x 0)"
no_disk "$etc/nvmpathd.conf"
flood Reload
if [ "$(threads)" -le 2 ]; then
	ok "one of 70 reloads reads"
else
	not_ok "$(threads) threads are at work on 70 reloads"
fi
at_once "meanwhile a path is released" "" call nvme0c0n1 Release t 0
kill -HUP "$daemon"
within 20 answered 70
equal "all reloads are answered in the end" 70 "$(answers)"
equal "with what is wrong" 65 \
	"$(said '\.Failed: the configuration could not be read within 10 s: the one in force stays')"
equal "but those that were too many" 5 "$(said '\.Busy: ')"
within 15 test "$(grep -c READY "$T/notified")" -ge 2
sleep 0.2
equal "systemd is told that the reload is over" "READY=1 RELOADING=1 READY=1" \
	"$(tr '\n' ' ' <"$T/notified" | sed 's/ $//')"
if [ "$(threads)" -le 2 ]; then
	ok "and one thread waits still"
else
	not_ok "$(threads) threads wait for the configuration"
fi
disk_is_back "$etc/nvmpathd.conf" $'[Removal]\nMinUsable=2\n'
within 10 all_idle
equal "what comes too late is not in force" "" "$(call nvme0c0n1 Hold st x 0)"
call nvme0c0n1 Release t 0 >/dev/null
within 5 is nvme0c0n1 Usable true
equal "a reload reads it" "" "$(bc call $NAME $ROOT $NAME.Manager Reload 2>&1)"
case $(call nvme0c0n1 Hold st x 0) in
*"floor is 2"*) ok "now it is" ;;
*) not_ok "it was not taken over" ;;
esac

# Who asks while an old one is read hears of the new one.
no_disk "$etc/nvmpathd.conf"
bc call $NAME $ROOT $NAME.Manager Reload >"$T/first" 2>&1 &
first=$!
within 5 more_threads 1
exec 8<>"$etc/nvmpathd.conf"
rm "$etc/nvmpathd.conf"		# what is read is the FIFO still
printf '[Removal]\nMinUsable=0\n' >"$etc/nvmpathd.conf"
for i in 1 2; do
	bc call $NAME $ROOT $NAME.Manager Reload >"$T/then$i" 2>&1 8>&- &
	later[i]=$!
done
sleep 0.5
printf '[Removal]\nMinUsable=2\n' >&8
exec 8>&-
wait "$first" "${later[@]}"
equal "reloads that come while one reads are answered, too" "" \
	"$(cat "$T/first" "$T/then1" "$T/then2")"
equal "by what was there when they came" "" "$(call nvme0c0n1 Hold st x 0)"
equal "for which it was read once more" 3 "$(grep -c 'nvmpathd: nvmpathd: loaded' "$T/log")"

# ---- A start: what an earlier daemon left waits for no configuration ----------

put "$etc/nvmpathd.conf" ""
bc call $NAME $ROOT $NAME.Manager Reload
put "$T/sys/class/nvme/nvme1/nvme0c1n2/inflight" "       1        0"
id=$(call nvme0c1n2 Drain tst 60000000 x 0 | grep -o '[0-9]*"$' | cut -c2 | tr -d '"')
becomes "a path drains when the daemon is killed" "$id" State draining
stop_daemon KILL
no_disk "$etc/nvmpathd.conf"
: >"$T/notified"
"$NVMPATHD" --sysfs="$T/sys" --run-dir="$T/run" --bus="$ADDRESS" --helper="$T/helper" \
	--poll-interval=50 --log-level=debug "${daemon_options[@]}" 2>>"$T/log" &
daemon=$!
given_back() { [ "$(admin nvme1 nvme0c1n2)" = online ]; }
if within 3 given_back; then
	ok "one that starts without its configuration gives the path back"
else
	not_ok "a start waits for the configuration with a path held"
fi
put "$T/sys/class/nvme/nvme1/nvme0c1n2/inflight" "       0        0"
equal "but is not ready yet" 0 "$(grep -c READY "$T/notified")"
within 20 grep -q READY "$T/notified" || not_ok "it is never ready"
within 5 is nvme0c1n2 Usable true
equal "nothing is taken whose floor nobody knows" \
	"Call failed: whether nvme0c0n1 may be taken is not known: the floors are in the configuration, which is not read yet since its disk does not answer; wait for it, or force" \
	"$(call nvme0c0n1 Hold st x 0)"
equal "unless it is forced" "" \
	"$(bc call $NAME $ROOT $NAME.Manager Hold sstt nvme0c0n1 x 0 1 2>&1)"
equal "and given back" "" "$(call nvme0c0n1 Release t 0)"
within 5 is nvme0c0n1 Usable true
disk_is_back "$etc/nvmpathd.conf" $'[Removal]\nMinUsable=2\n'
within 10 all_idle
case $(call nvme0c0n1 Hold st x 0) in
*"floor is 2"*) ok "when the disk answers the configuration is in force" ;;
*) not_ok "the configuration that came late is not in force" ;;
esac
equal "systemd was told once" 1 "$(grep -c READY "$T/notified")"
finish
