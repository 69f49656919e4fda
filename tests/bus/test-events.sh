#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Events decide what is read, and when; no timer helps here.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

mkfifo "$T/fifo"
daemon_options=(--replay="$T/fifo" --poll-interval=3600000)
start_bus
fake_pair "$T/sys"
start_daemon
exec 9>"$T/fifo"
c0=$T/sys/class/nvme/nvme0 c1=$T/sys/class/nvme/nvme1

manager() { bc get-property $NAME $ROOT $NAME.Manager "$1"; }
uevent() # CONTROLLER KEY=VALUE...
{
	local c=$1
	shift
	{ printf 'uevent\tchange@/devices/%s\tACTION=change\tDEVPATH=/devices/%s\tSUBSYSTEM=nvme' "$c" "$c"
	  printf '\t%s' "$@"
	  echo; } >&9
}

equal "the sources are named" 'as 2 "replay" "poll"' "$(manager EventSources)"
bc call $NAME $ROOT org.freedesktop.DBus.ObjectManager GetManagedObjects >/dev/null
anon=$(awk '/^RssAnon/ { print $2 }' "/proc/$daemon/status")
if sanitized; then
	echo "# four paths take $anon kB, most of it the sanitizers'"
elif [ "$anon" -le 2048 ]; then
	ok "four paths take $anon kB of anonymous memory"
else
	not_ok "four paths take $anon kB"
fi
put "$c0/nvme0c0n1/path_state" ana_inaccessible
put "$c1/nvme0c1n1/path_state" ana_inaccessible
sleep 0.3
equal "without an event nothing is seen" usable "$(property nvme0c0n1 PathState)"
uevent nvme0 NVME_EVENT=path_state NVME_PATH=nvme0c0n1
becomes "one path's event" nvme0c0n1 PathState ana_inaccessible
equal "is about that path alone" usable "$(property nvme0c1n1 PathState)"

put "$c1/state" connecting
put "$c1/nvme0c1n2/path_state" ctrl_down
uevent nvme1 NVME_EVENT=ctrl_state NVME_CTRL_STATE=connecting
becomes "a controller's event" nvme1 State connecting
becomes "is about its paths, too" nvme0c1n2 PathState ctrl_down

put "$c0/nvme0c0n2/path_state" ana_change
put "$c0/nvme0c0n2/ana_state" change
printf 'trace\t0\t%d\n' $((0x0c0302)) >&9
becomes "an ANA notice" nvme0c0n2 PathState ana_change
printf 'trace\t0\t%d\n' $((0x0c0302)) >&9
sleep 0.2	# as late as a kernel was seen to be
put "$c0/nvme0c0n2/path_state" usable
put "$c0/nvme0c0n2/ana_state" optimized
becomes "comes early: it is looked again" nvme0c0n2 PathState usable

rm -rf "$c1/nvme0c1n1"
uevent nvme1 NVME_EVENT=path_state NVME_PATH=nvme0c1n1
within 5 sh -c "! busctl --address=$ADDRESS tree --list $NAME | grep -q nvme0c1n1" &&
	ok "a path that is gone makes it read everything" || not_ok "a path that went"

equal "the timer is needed as long as the kernel is silent" 'as 2 "replay" "poll"' \
	"$(manager EventSources)"
uevent nvme0 NVME_EVENT=path_state NVME_PATH=nvme0c0n1 NVME_SEQ=1
within 5 sh -c "busctl --address=$ADDRESS get-property $NAME $ROOT $NAME.Manager EventSources | grep -vq poll"
equal "a kernel that tells needs no timer" 'as 1 "replay"' "$(manager EventSources)"
case $(manager KernelFeatures) in
*'"uevents"'*) ok "and has a feature more" ;;
*) not_ok "features: $(manager KernelFeatures)" ;;
esac

# How often the daemon's threads have gone to sleep so far
wakeups() { awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n }' "/proc/$daemon/task/"*/status; }
settled() { before=$(wakeups); sleep 1; [ "$before" = "$(wakeups)" ]; }
within 20 settled
sleep 3
equal "nothing happens: it is not woken" "$before" "$(wakeups)"

# 10,000 events while the tree changes under them, an overrun at the end.
paths=(nvme0/nvme0c0n1 nvme0/nvme0c0n2 nvme1/nvme0c1n2)
words=(usable ana_inaccessible ns_not_ready)
for i in $(seq 100); do
	p=${paths[i % 3]}
	echo "${words[(i / 3) % 3]}" >"$T/sys/class/nvme/$p/path_state"
	for _ in $(seq 100); do
		uevent "${p%/*}" NVME_EVENT=path_state "NVME_PATH=${p#*/}" NVME_SEQ=2
	done
done
echo overrun >&9
for p in "${paths[@]}"; do
	becomes "after the storm ${p#*/} is what it is" "${p#*/}" PathState \
		"$(cat "$T/sys/class/nvme/$p/path_state")"
done
finish
