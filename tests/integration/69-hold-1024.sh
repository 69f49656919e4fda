#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: fabrics
# long
# limit: 600 s
# Holding a controller with 1,024 namespaces takes less than a second; what it takes path
# by path, for comparison. And what the uevents of so many paths say of their ANA group
# is right in the end, though it changes while they are sent, and back.
set -u
. /nvmpath/lab/guest/lib.sh

LAB_NQN=nqn.2026-01.io.github.nvmpath:many
namespaces=1024
ulimit -n 8192			# one file a path, here and in nvme disconnect
target=/sys/kernel/config/nvmet

# All of them on one RAM disk: nobody looks at what is in there.
cat >/tmp/many.py <<'EOS'
import os, sys
folder, n = sys.argv[1], int(sys.argv[2])
def write(name, text):
    with open(name, "w") as file:
        file.write(text)
os.mkdir(folder)
write(folder + "/attr_allow_any_host", "1")
for i in range(1, n + 1):
    ns = "%s/namespaces/%d" % (folder, i)
    os.mkdir(ns)
    write(ns + "/device_path", "/dev/ram0")
    write(ns + "/enable", "1")
EOS

# Writes $2... one after the other into each of the files that the pattern $1 matches, and
# prints for each word how many milliseconds that took in all.
cat >/tmp/hold.py <<'EOS'
import glob, os, sys, time
files = [os.open(name, os.O_WRONLY) for name in glob.glob(sys.argv[1])]
took = []
for word in sys.argv[2:]:
    begin = time.monotonic()
    for file in files:
        os.pwrite(file, word.encode(), 0)
    took.append("%d" % ((time.monotonic() - begin) * 1000))
print(*took)
EOS

path_count() { compgen -G "/sys/class/nvme/$1/nvme*c*n*" | wc -l; }
all_there() { [ "$(path_count "$1")" = $namespaces ]; }
# $1 controller, $2 word: how many of its paths say so
paths_with() { cat /sys/class/nvme/"$1"/nvme*c*n*/path_state | grep -cx "$2"; }

start=$SECONDS
check "$namespaces namespaces are made" python3 /tmp/many.py "$target/subsystems/$LAB_NQN" $namespaces
for port in 1 2; do
	ln -s "$target/subsystems/$LAB_NQN" "$target/ports/$port/subsystems/"
	# nvme connect looks at all that there is first, for longer than anybody waits.
	printf 'transport=tcp,traddr=127.0.0.1,trsvcid=%s,nqn=%s,hostnqn=%s,hostid=%s,%s' \
		"${LAB_PORTS[port - 1]}" "$LAB_NQN" "$HOST_NQN" "$HOST_ID" \
		nr_io_queues=2,keep_alive_tmo=30 >/dev/nvme-fabrics
done
check "two controllers" wait_for 30 controller_count 2
mapfile -t ctrls < <(controllers)
for c in "${ctrls[@]}"; do
	check "$c has $namespaces paths" wait_for 90 all_there "$c"
done
note "after $((SECONDS - start)) s"

c=${ctrls[0]}
load_start
read -r hold online hold2 online2 hold3 < <(python3 /tmp/hold.py \
	"/sys/class/nvme/$c/admin_state" hold online hold online hold)
check_equal "all paths are held" $namespaces "$(paths_with "$c" held)"
check "the other controller's hold fails: they are the last" sh -c \
	"! echo hold >/sys/class/nvme/${ctrls[1]}/admin_state"
echo online >"/sys/class/nvme/$c/admin_state"
check_equal "all paths are usable again" $namespaces "$(paths_with "$c" usable)"
note "under load: hold $hold, $hold2, $hold3 ms, online $online, $online2 ms"
for ms in "$hold" "$hold2" "$hold3"; do
	check "holding the controller takes less than a second ($ms ms)" [ "$ms" -lt 1000 ]
done
read -r hold online < <(python3 /tmp/hold.py "/sys/class/nvme/$c/nvme*c*n*/admin_state" hold online)
note "path by path, in all: hold $hold ms, online $online ms"
load_stop
check_load "holds of a controller with $namespaces namespaces"

# Holds the controller, or gives it back, and meanwhile changes the ANA group for a
# moment; prints how often the uevents had last said of some path what its group was not,
# nor became in 10 s, of how many paths in all, how often the host knew of that moment, and
# how often the uevents had told of it.
cat >/tmp/moment.py <<'EOS'
import glob, random, re, sys, threading, time
ctrl, told, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
group = "/sys/kernel/config/nvmet/ports/1/ana_groups/1/ana_state"
path = glob.glob("/sys/class/nvme/%s/nvme*c*n*" % ctrl)[0]
said = re.compile(r"\t%s\tNVME_EVENT=(\w+)\t(?:NVME_PATH=(\w+)\t)?.*"
                  r"NVME_ANA_GRPID=1\tNVME_ANA_STATE=([\w-]+)" % ctrl)
def write(name, text):
    with open(name, "w") as file:
        file.write(text)
def state_now():
    with open(path + "/ana_state") as file:
        return file.read().strip()
# Takes in what was told since; of a group: of all of its paths.
def listen():
    for event, name, state in said.findall(events.read()):
        seen.add(state)
        if event == "ana":
            state_of.update(dict.fromkeys(state_of, state))
        else:
            state_of[name] = state
random.seed(69)
bad = paths = known = moments = 0
state_of = {}
events = open(told)
for i in range(rounds):
    seen = set()
    word = ["hold", "online"][i % 2]
    hold = threading.Thread(target=write,
                            args=("/sys/class/nvme/%s/admin_state" % ctrl, word))
    hold.start()
    time.sleep(random.uniform(0.02, 0.2))
    write(group, "inaccessible")
    for wait in range(200):
        if state_now() == "inaccessible":
            known += 1
            break
        time.sleep(0.005)
    time.sleep(random.uniform(0, 0.04))
    write(group, "optimized")
    hold.join()
    for late in range(20):
        time.sleep(0.5)
        listen()
        now = state_now()
        wrong = sum(state != now for state in state_of.values())
        if state_of and not wrong:
            break
    bad += wrong > 0 or not state_of
    paths += wrong
    moments += "inaccessible" in seen
print(bad, paths, known, moments)
EOS

told=/tmp/uevents
rm -f $told
/nvmpath/lab/guest/uevents $told &
listener=$!
check "the listener is there" wait_for 10 test -e $told
read -r wrong paths known seen < <(python3 /tmp/moment.py "$c" $told 12)
check_equal "the uevents' last word of each path's ANA group is right, 12 times" 0 "$wrong"
check_equal "and there was another state for a moment, each time" 12 "$known"
note "wrong of $paths paths in all; that moment was told $seen times of 12"
check "none was lost" sh -c "! grep -q lost $told"
kill "$listener"

start=$SECONDS
nvme disconnect -n "$LAB_NQN" >/dev/null
for port in 1 2; do
	rm "$target/ports/$port/subsystems/$LAB_NQN"
done
rmdir "$target/subsystems/$LAB_NQN"/namespaces/* "$target/subsystems/$LAB_NQN"
note "taken down in $((SECONDS - start)) s"
