#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# with --all: 7.3-patched
# machine: fabrics
# drain_state, over a device that takes 500 ms for each I/O, with a scheduler on
# the path.
set -u
. /nvmpath/lab/guest/lib.sh

LAB_NQN=nqn.2026-01.io.github.nvmpath:slow
target=/sys/kernel/config/nvmet

slow_setup() {
	local disk=/sys/kernel/config/nullb/slow sub=$target/subsystems/$LAB_NQN port
	mkdir "$disk" "$sub" "$sub/namespaces/1" || return 1
	echo 64 >"$disk/size"
	echo 2 >"$disk/irqmode"
	echo 500000000 >"$disk/completion_nsec"
	echo 1 >"$disk/power"
	echo 1 >"$sub/attr_allow_any_host"
	echo "/dev/slow" >"$sub/namespaces/1/device_path"
	[ -b /dev/slow ] ||
		echo "/dev/nullb$(cat "$disk/index")" >"$sub/namespaces/1/device_path"
	echo 1 >"$sub/namespaces/1/ana_grpid"
	echo 1 >"$sub/namespaces/1/enable"
	for port in 1 2; do
		ln -s "$sub" "$target/ports/$port/subsystems/"
		nvme connect -t tcp -a 127.0.0.1 -s "${LAB_PORTS[port - 1]}" -n "$LAB_NQN" \
			--hostnqn="$HOST_NQN" --hostid="$HOST_ID" --nr-io-queues=2 \
			--reconnect-delay=2 >/dev/null || return 1
	done
	wait_for 20 controller_count 2 && wait_for 20 head_disk 1
}

slow_end() {
	local port
	nvme disconnect -n "$LAB_NQN" >/dev/null
	for port in 1 2; do rm "$target/ports/$port/subsystems/$LAB_NQN"; done
	rmdir "$target/subsystems/$LAB_NQN/namespaces/1" "$target/subsystems/$LAB_NQN"
	rmdir /sys/kernel/config/nullb/slow
}

# Reads with 16 threads from the head, bypassing the cache, until /tmp/read.end is
# there. Prints how many there were, how many failed, and the slowest.
cat >/tmp/read.py <<'EOF'
import mmap, os, random, sys, threading, time
fd = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT)
done = [0, 0, 0.0]
def reader():
    buf = mmap.mmap(-1, 4096)
    while not os.path.exists("/tmp/read.end"):
        start = time.monotonic()
        try:
            os.preadv(fd, [buf], random.randrange(8192) * 4096)
        except OSError as e:
            print(e, file=sys.stderr)
            done[1] += 1
        done[0] += 1
        done[2] = max(done[2], time.monotonic() - start)
threads = [threading.Thread(target=reader) for i in range(16)]
for t in threads: t.start()
for t in threads: t.join()
print(done[0], done[1], int(done[2] * 1000))
EOF
readers_start() {
	rm -f /tmp/read.end
	python3 /tmp/read.py "/dev/$(head_disk 1)" >/tmp/read.out 2>/tmp/read.err &
	readers=$!
	sleep 2
}
# $1 what ran
readers_stop() {
	touch /tmp/read.end
	wait $readers
	read -r n failed slowest </tmp/read.out
	check_equal "$1: no read failed" 0 "$failed"
	check "$1: reads were done ($n, the slowest in $slowest ms)" [ "$n" -gt 16 ]
}

# $1 seconds: waits by poll() until drain_state is no longer what it was, and
# prints the states that it went through and how many milliseconds that took.
cat >/tmp/poll.py <<'EOF'
import os, select, sys, time
path, last, limit = sys.argv[1], sys.argv[2], float(sys.argv[3])
fd = os.open(f"/sys/block/{path}/drain_state", os.O_RDONLY)
def state(): return os.pread(fd, 32, 0).decode().strip()
p = select.poll()
p.register(fd, select.POLLPRI | select.POLLERR)
start = time.monotonic()
seen = [state()]
open(f"/sys/block/{path}/admin_state", "w").write("hold")
while seen[-1] != last and time.monotonic() - start < limit:
    if p.poll(100):
        now = state()
        if now != seen[-1]:
            seen.append(now)
print(int((time.monotonic() - start) * 1000), *seen)
EOF

check "a subsystem over a device that takes 500 ms" slow_setup
set_policy round-robin
mapfile -t ctrls < <(controllers)
path=$(path_of "${ctrls[0]}" 1)
other=$(path_of "${ctrls[1]}" 1)
state=/sys/block/$path/drain_state
echo mq-deadline >"/sys/block/$path/queue/scheduler"
check "a scheduler is on the path" grep -q '\[mq-deadline\]' "/sys/block/$path/queue/scheduler"
check_equal "drain_state is idle at first" idle "$(cat "$state")"
check_equal "drain_state has mode 444" 444 "$(stat -c %a "$state")"

readers_start
for i in 1 2 3 4 5; do
	read -r ms seen < <(python3 /tmp/poll.py "$path" drained 10)
	stat=$(cat "/sys/block/$path/stat")
	check_equal "poll() sees the transitions, round $i" "idle draining drained" "$seen"
	check "the drain took as long as what was inside ($ms ms)" [ "$ms" -lt 3000 ]
	sleep 1.2
	check_equal "nothing ended there afterwards" "$stat" "$(cat "/sys/block/$path/stat")"
	echo online >"/sys/block/$path/admin_state"
	check_equal "idle after the release" idle "$(cat "$state")"
	sleep 1
done
# By one process: to start another takes as long as what is inside, on a busy machine.
read_while_draining() {
	local now
	echo hold >"/sys/block/$path/admin_state"
	read -r now <"$state"
	[ "$now" = draining ]
}
check "draining is seen while I/O is inside" read_while_draining
echo online >"/sys/block/$path/admin_state"
before=$(requests_of "$path")
sleep 2
check "a release in the middle of a drain: the path is used again" \
	[ "$(requests_of "$path")" -gt "$before" ]

note "something that never ends: three rounds of the drain go by"
lose_completions "$path"
sleep 1.5
echo hold >"/sys/block/$path/admin_state"
sleep 4
check_equal "it is draining still" draining "$(cat "$state")"
start=${EPOCHREALTIME/./}
check "a passthrough command by the controller's own node gets through" \
	nvme io-passthru "/dev/${ctrls[0]}" --opcode=2 --namespace-id=1 --data-len=4096 \
	--read --cdw10=0 --cdw12=7
ms=$(((${EPOCHREALTIME/./} - start) / 1000))
check "it was not kept waiting for long ($ms ms)" [ $ms -lt 3000 ]
lose_no_more "$path" "${ctrls[0]}" || :
check "it ends with the reset" wait_for 20 grep -qx drained "$state"

note "the controller goes in the middle of a drain"
echo online >"/sys/block/$path/admin_state"
sleep 1
echo hold >"/sys/block/$path/admin_state"
check "delete_controller" timeout 20 sh -c \
	"echo 1 >/sys/class/nvme/${ctrls[0]}/delete_controller"
check "it is gone" wait_for 20 controller_count 1
before=$(requests_of "$other")
sleep 2
check "the other path goes on" [ "$(requests_of "$other")" -gt "$before" ]
readers_stop "drains over a slow device"
slow_end
