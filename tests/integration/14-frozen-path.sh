#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 7.3 7.3-patched
# with --all: 6.12 6.12-patched
# machine: fabrics
# A path whose queue is frozen for a moment is not lost. With another path the
# I/O goes there; without, it resumes at the unfreezing. The drive takes 1 s for
# each command, so that a change of queue limits has to wait for one.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/faults.sh

trap null_target_done EXIT
check "a slow drive" null_target irqmode=2 completion_nsec=1000000000
set_policy numa
head=$(head_disk 1)

# One read keeps the path busy, a write to its queue's limits freezes it behind
# that, then two reads are started on the head, one of them with RWF_NOWAIT.
# Prints two lines: kind, answer, ms from its start to the unfreezing, ms from
# there to its end (negative if it was over before that).
# $1 path that is frozen
frozen_round() {
	python3 - "/dev/$head" "/sys/block/$1/queue/max_sectors_kb" <<'EOF'
import errno, mmap, os, sys, threading, time
disk, attribute = sys.argv[1:]
fd = os.open(disk, os.O_RDONLY | os.O_DIRECT)
result = {}

def read(kind, offset, flags):
    buffer = mmap.mmap(-1, 4096)
    start = time.monotonic()
    try:
        os.preadv(fd, [buffer], offset, flags)
        answer = "ok"
    except OSError as e:
        answer = errno.errorcode[e.errno]
    result[kind] = answer, start, time.monotonic()

def freeze():
    with open(attribute) as f:
        value = f.read()
    with open(attribute, "w") as f:
        f.write(value)
        f.flush()
    result["thaw"] = time.monotonic()

threads = []
def start(target, *args):
    threads.append(threading.Thread(target=target, args=args))
    threads[-1].start()

start(read, "before", 0, 0)
time.sleep(0.2)
start(freeze)
time.sleep(0.2)
start(read, "plain", 4096, 0)
start(read, "nowait", 8192, os.RWF_NOWAIT)
for t in threads:
    t.join()
thaw = result["thaw"]
for kind in "plain", "nowait":
    answer, begin, end = result[kind]
    print(kind, answer, round((thaw - begin) * 1000), round((end - thaw) * 1000))
EOF
}

# Sets KIND_answer, KIND_frozen and KIND_after (ms).
frozen() {
	local kind answer before after
	while read -r kind answer before after; do
		note "$1 frozen, $kind read: $answer, frozen for $before ms more, ended $after ms after that"
		printf -v "${kind}_answer" %s "$answer"
		printf -v "${kind}_frozen" %s "$before"
		printf -v "${kind}_after" %s "$after"
	done < <(frozen_round "$1")
}

path=$(path_in_use)
frozen "$path"
check "the path was frozen meanwhile ($plain_frozen ms)" [ "$plain_frozen" -gt 200 ]
check_equal "two paths: the read succeeds" ok "$plain_answer"
if kernel_patched "$path"; then
	check_equal "two paths: so does one that must not wait" ok "$nowait_answer"
	# 1 s of the drive after its start, by the other path; 1 s after the
	# unfreezing, had it waited.
	check "two paths: the read did not wait for the unfreezing ($plain_after ms)" \
		[ "$plain_after" -lt 800 ]
else
	check_equal "without the series: one that must not wait fails, another path or not" \
		EAGAIN "$nowait_answer"
	check "without the series: the read waits for the unfreezing ($plain_after ms)" \
		[ "$plain_after" -ge 800 ]
fi

for c in $(controllers); do
	[ "$(path_of "$c" 1)" = "$path" ] || nvme disconnect -d "$c" >/dev/null
done
check "one path is left" wait_for 10 controller_count 1
frozen "$path"
check "it was frozen meanwhile ($plain_frozen ms)" [ "$plain_frozen" -gt 200 ]
check_equal "one path: the read succeeds" ok "$plain_answer"
# The drive's second, and what the machine needs.
check "one path: it resumes at the unfreezing ($plain_after ms, of which 1000 are the drive's)" \
	[ "$plain_after" -lt 1600 ]
if kernel_patched "$path"; then
	check_equal "one path: the read that must not wait succeeds" ok "$nowait_answer"
	check "one path: it too at the unfreezing ($nowait_after ms)" [ "$nowait_after" -lt 1600 ]
else
	check_equal "without the series: the one that must not wait fails" EAGAIN "$nowait_answer"
fi
