#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# 4,096 paths: how soon a change is told, how much memory it takes, and that a
# storm leaves what a fresh look would find; all of it as a file. An event's limits are on
# what the daemon adds to a bare relay; the command's is that of a machine that has nothing
# else to do, times NVMPATH_SLOW (default 5) for one that has.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

python=/usr/bin/python3
$python -c 'import dbus, gi' 2>/dev/null || { echo "no python3-dbus or python3-gi"; exit 77; }
! sanitized || { echo "a daemon with sanitizers says nothing about time and memory"; exit 77; }
slow=${NVMPATH_SLOW:-5}

$python "$here/large-sysfs.py" "$T/sys"
rss() { awk '/^RssAnon/ { print $2 }' "/proc/$daemon/status"; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a <= b) }'; }

mkfifo "$T/fifo"
daemon_options=(--replay="$T/fifo" --poll-interval=3600000 --log-level=warning)
start_bus
start_daemon
exec 9<>"$T/fifo"
bc call $NAME $ROOT org.freedesktop.DBus.ObjectManager GetManagedObjects >"$T/all"
equal "all paths are there" 4096 "$(grep -o '/path/nvme0c[0-9]*n[0-9]*" [0-9]' "$T/all" | wc -l)"
# What else the machine does may meet one of them alone: a daemon that is slow is it each time.
measure() { $python "$here/measure-events.py" "$ADDRESS" "$T/fifo" "$T/sys" 500 2 20 >"$T/took" 2>&1; }
if measure || measure || measure; then
	ok "a change is told in time: $(paste -sd';' "$T/took")"
else
	not_ok "a change is told late: $(paste -sd';' "$T/took")"
fi
check_memory()
{
	local anon
	anon=$(rss)
	if less "$anon" 12288; then
		ok "anonymous memory with 4,096 paths, $1: $anon kB"
	else
		not_ok "it takes $anon kB, $1"
	fi
}
check_memory "after all were asked for"

# Every path changes, with events that come too late, twice, or for others.
storm() # SEED
{
	$python - "$T/sys" "$1" >"$T/storm" <<'END'
import random, sys
random.seed(int(sys.argv[2]))
root = sys.argv[1] + "/class/nvme"
words = ["usable", "ana_inaccessible", "ns_not_ready", "ctrl_down"]
for i in range(10000):
    c, n = random.randrange(8), random.randrange(1, 513)
    with open(f"{root}/nvme{c}/nvme0c{c}n{n}/path_state", "w") as f:
        f.write(random.choice(words) + "\n")
    print(f"uevent\tchange@/x/nvme{c}\tACTION=change\tDEVPATH=/x/nvme{c}\tSUBSYSTEM=nvme\t"
          f"NVME_EVENT=path_state\tNVME_PATH=nvme0c{c}n{n}\tNVME_SEQ={i}")
print("overrun")
END
	cat "$T/storm" >&9
}
storm 4
same()
{
	bc --json=short call $NAME $ROOT org.freedesktop.DBus.ObjectManager GetManagedObjects |
		$python -c '
import json, sys
root = sys.argv[1] + "/class/nvme"
wrong = 0
for path, interfaces in json.load(sys.stdin)["data"][0].items():
    p = interfaces.get("io.github.nvmpath1.Path")
    if not p:
        continue
    name = p["Name"]["data"]
    controller = p["Controller"]["data"].rsplit("/", 1)[1]
    is_ = open(f"{root}/{controller}/{name}/path_state").read().strip()
    wrong += is_ != p["PathState"]["data"]
sys.exit(wrong != 0)' "$T/sys"
}
if within 30 same; then
	ok "after 10,000 events and an overrun every path is what a fresh look finds"
else
	not_ok "after a storm some paths are not what they are"
fi
check_memory "after the storm"

# Again and again while the bus takes nothing: what waits for it is bounded.
trap 'kill -CONT $busd 2>/dev/null; cleanup' EXIT
kill -STOP "$busd"
for seed in 5 6 7; do
	storm $seed
	sleep 1
done
check_memory "three storms while the bus takes nothing"
kill -CONT "$busd"
if within 30 same; then
	ok "when it does again every path is what it is"
else
	not_ok "after a bus that took nothing some paths are not what they are"
fi
if within 10 grep -q "[1-9][0-9]* events were not told on it: History has them" "$T/log"; then
	ok "the log says how many events were not told"
else
	not_ok "events were dropped, and nobody says so"
fi

# All objects as a file, while every path has a history. Bounds are on ratios in this run.
if $python "$here/compare-bulk.py" "$ADDRESS" "$T/fifo" "$T/sys" >"$T/bulk" 2>&1; then
	ok "as a file: the same, $(tr '\n' ' ' <"$T/bulk")"
else
	not_ok "as a file: $(cat "$T/bulk")"
fi
export DBUS_SYSTEM_BUS_ADDRESS=$ADDRESS PATH=$here/../cli/bin:$PATH
"$NVMPATHCTL" tree >"$T/tree.file"
"$NVMPATHCTL" -H here tree >"$T/tree.messages"
equal "the tree has all lines" 4610 "$(wc -l <"$T/tree.file")"
if cmp -s "$T/tree.file" "$T/tree.messages"; then
	ok "nvmpathctl tree says the same by file and by messages"
else
	not_ok "by messages: $(diff "$T/tree.file" "$T/tree.messages" | head -5)"
fi
$python "$here/best-of.py" 3 "file=$NVMPATHCTL tree" "messages=$NVMPATHCTL -H here tree" >"$T/best"
if awk '{ took[$1] = $2 } END { exit !(took["messages"] >= 2 * took["file"]) }' "$T/best"; then
	ok "nvmpathctl tree takes less than half by file: $(tr '\n' ' ' <"$T/best")"
else
	not_ok "nvmpathctl tree gains too little by file: $(tr '\n' ' ' <"$T/best")"
fi
tree=$(awk '$1 == "file" { print $2 * 1000 }' "$T/best")
if less "$tree" $((100 * slow)); then
	ok "nvmpathctl tree takes $tree ms of 100, times $slow on a busy machine"
else
	not_ok "nvmpathctl tree takes $tree ms"
fi
finish
