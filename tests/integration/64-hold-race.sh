#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# with --all: 7.3-patched 6.12-patched-kasan
# machine: pci
# Two writers want the last two paths at the same moment: exactly one gets it.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)

# $1, $2 files, $3 rounds: how many rounds had exactly one winner, more, or none
cat >/tmp/race.py <<'EOF'
import mmap, os, struct, sys
rounds = int(sys.argv[3])
shared = mmap.mmap(-1, 4096)	# two counters: how far each process is
files = [os.open(f, os.O_WRONLY) for f in sys.argv[1:3]]
def meet(me, step):
    struct.pack_into("q", shared, me * 64, step)
    while struct.unpack_from("q", shared, (1 - me) * 64)[0] < step:
        os.sched_yield()
def run(me):
    for i in range(rounds):
        meet(me, 3 * i + 1)
        try:
            os.pwrite(files[me], b"hold", 0)
            won = 1
        except OSError:
            won = 0
        struct.pack_into("q", shared, 1024 + me * 64, won)
        meet(me, 3 * i + 2)
        if me == 0:
            winners = won + struct.unpack_from("q", shared, 1024 + 64)[0]
            count[winners] += 1
        if won:
            os.pwrite(files[me], b"online", 0)
        meet(me, 3 * i + 3)
count = [0, 0, 0]
pid = os.fork()
run(1 if pid == 0 else 0)
if pid == 0:
    os._exit(0)
os.waitpid(pid, 0)
print(count[1], count[2], count[0])
EOF

rounds=${NVMPATH_RACES:-300}
# $1 what, $2, $3 files
race() {
	local start=$SECONDS
	check_equal "$1: of $rounds races one, both, none won" "$rounds 0 0" \
		"$(python3 /tmp/race.py "$2" "$3" "$rounds")"
	note "$1 took $((SECONDS - start)) s"
}

p() { echo "/sys/block/$(path_of "${ctrls[$1]}" 1)/admin_state"; }
c() { echo "/sys/class/nvme/${ctrls[$1]}/admin_state"; }
race "two paths" "$(p 0)" "$(p 1)"
rounds=${NVMPATH_RACES_SHORT:-$rounds}
race "two controllers" "$(c 0)" "$(c 1)"
race "a path and the other controller" "$(p 0)" "$(c 1)"
