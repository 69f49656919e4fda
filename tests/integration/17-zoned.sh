#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# with --all: 7.3-patched 6.12 7.3
# machine: fabrics
# Writes to the zones of a zoned namespace, over changing paths. Zone write plugs
# belong to a path: those behind a write that fails over must follow it, and what
# a plug takes for the write pointer may be out of date. Without the series the second path
# cannot go on with a zone; paths that come and go are not tried there, as one write that
# fails over makes a queue's references come out wrong, and it can never be frozen again.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/faults.sh

INTERNAL_ERROR=0x6
NULL_KEEP_ALIVE=0	# it would come in between, and get the error

trap null_target_done EXIT
check "a zoned drive" null_target zoned=1 zone_size=4 zone_nr_conv=0
head=$(head_disk 1)
mapfile -t ctrls < <(controllers)
check_equal "the head is zoned" host-managed "$(cat "/sys/block/$head/queue/zoned")"
head -c 1M /dev/urandom >/tmp/data

# Writes 1 MiB to the zone, one 64 KiB after the other. $1 zone
write_zone() {
	dd if=/tmp/data of="/dev/$head" bs=64k seek=$(($1 * 64)) oflag=direct conv=notrunc \
		2>/tmp/dd.err
}

# $1 zone: what was written is there
zone_holds() {
	dd if="/dev/$head" bs=64k skip=$(($1 * 64)) count=16 iflag=direct 2>/dev/null |
		cmp - /tmp/data
}

# Writes 16 MiB from a zone's start on, in order, eight writes being under way at a time.
# $1 zone. Prints the error and the number of writes.
write_zones() {
	fio --name=zones --filename="/dev/$head" --ioengine=libaio --iodepth=8 --direct=1 \
		--rw=write --bs=16k --offset=$(($1 * 4))M --size=16M --zonemode=none \
		--output-format=json >/tmp/fio.json 2>/tmp/fio.err
	python3 -c 'import json
text = open("/tmp/fio.json").read()
job = json.loads(text[text.index("{"):])["jobs"][0]
print(job["error"], job["write"]["total_ios"])'
}

# Writes 16 MiB from a zone's start on, eight writes at once, and waits for them before the
# next eight: all but the first of them wait behind it, in the zone's plug. Before every
# sixteenth time it says "swap" and waits for a line; in the end, how many it has written.
cat >/tmp/batches.py <<'EOS'
import ctypes, errno, mmap, os, struct, sys

WRITE, AT_ONCE, SIZE = 1, 8, 16384
BATCH, TOTAL = AT_ONCE * SIZE, 16 << 20
disk, start = sys.argv[1], int(sys.argv[2]) * (4 << 20)
aio = ctypes.CDLL("libaio.so.1")
context = ctypes.c_void_p()
if aio.io_setup(AT_ONCE, ctypes.byref(context)):
    sys.exit("io_setup")
fd = os.open(disk, os.O_WRONLY | os.O_DIRECT)
data = mmap.mmap(os.open("/tmp/data", os.O_RDONLY), 0, flags=mmap.MAP_PRIVATE,
                 prot=mmap.PROT_READ | mmap.PROT_WRITE)
memory = ctypes.addressof(ctypes.c_char.from_buffer(data))
events = ctypes.create_string_buffer(AT_ONCE * 32)

def results(offset):
    blocks = [ctypes.create_string_buffer(struct.pack("<QIIHhIQQqQII", i, 0, 0, WRITE, 0, fd,
        memory + (offset + i * SIZE) % len(data), SIZE, start + offset + i * SIZE, 0, 0, 0))
        for i in range(AT_ONCE)]
    pointers = (ctypes.c_void_p * AT_ONCE)(*[ctypes.addressof(b) for b in blocks])
    if aio.io_submit(context, ctypes.c_long(AT_ONCE), pointers) != AT_ONCE:
        sys.exit("io_submit")
    n = aio.io_getevents(context, ctypes.c_long(AT_ONCE), ctypes.c_long(AT_ONCE), events, None)
    return [struct.unpack_from("<QQqq", events, 32 * i)[2] for i in range(n)]

for n in range(TOTAL // BATCH):
    if n % 16 == 8:
        print("swap", flush=True)
        sys.stdin.readline()
    bad = [r for r in results(n * BATCH) if r != SIZE]
    if bad:
        print(errno.errorcode.get(-bad[0], bad[0]), "after", n * AT_ONCE)
        break
else:
    print(TOTAL // SIZE)
EOS

no_fault_left() { [ "$(cat "/sys/kernel/debug/$1/fault_inject/times")" = 0 ]; }

# The number of the port that leads to the path in use.
port_in_use() {
	local port used
	used=$(path_in_use)
	for port in 1 2; do
		[ "$(path_of "$(ctrl_by_port "${LAB_PORTS[port - 1]}")" 1)" != "$used" ] || echo $port
	done
}

# Gives the port back that is away, and takes the one in use, by ANA: commands that reach it
# fail with a path error, and were not carried out. The host's look at the ANA log fails, so
# that it does not know before one of them did.
away=''
swap_ports() {
	local ctrl
	if [ -n "$away" ]; then
		fabrics_ana "$away" 1 optimized
		wait_for 20 path_back "$(ctrl_by_port "${LAB_PORTS[away - 1]}")" 1 || return 1
	fi
	away=$(port_in_use)
	[ -n "$away" ] || return 1
	ctrl=$(ctrl_by_port "${LAB_PORTS[away - 1]}")
	inject_once "$ctrl" 0 $INTERNAL_ERROR
	fabrics_ana "$away" 1 inaccessible
	wait_for 20 no_fault_left "$ctrl" || return 1
	inject_no_more "$ctrl"
}

# $1 zone. To written and swaps: what batches.py says in the end, and how often a port went.
write_while_swapping() {
	local word
	written='' swaps=0
	mkfifo /tmp/batches.out /tmp/batches.in
	python3 /tmp/batches.py "/dev/$head" "$1" >/tmp/batches.out </tmp/batches.in &
	exec 8</tmp/batches.out 9>/tmp/batches.in
	while read -r word <&8; do
		if [ "$word" = swap ]; then
			swap_ports && swaps=$((swaps + 1))
			echo >&9
		else
			written=$word
		fi
	done
	exec 8<&- 9>&-
	wait $!
	rm /tmp/batches.out /tmp/batches.in
}

# Each write is a request of its own, though the next one follows it.
no_merges() {
	local c
	for c in "${ctrls[@]}"; do
		echo 2 >"/sys/block/$(path_of "$c" 1)/queue/nomerges"
	done
}

# Writes of both paths that became part of another one
merged() {
	local c
	for c in "${ctrls[@]}"; do
		cat "/sys/block/$(path_of "$c" 1)/stat"
	done | awk '{ n += $6 } END { print n }'
}

failovers() {
	local c
	for c in "${ctrls[@]}"; do
		cat "/sys/block/$(path_of "$c" 1)/diag/multipath_failover_count"
	done | awk '{ n += $1 } END { print n }'
}

set_policy numa
check "numa: a zone is written to" write_zone 0
check "and reads back" zone_holds 0
set_policy round-robin
write_zone 1
reproduced "round-robin: a zone is written to" $? 0 "$(grep -m 1 '^dd: ' /tmp/dd.err || echo "no error")"
patched || exit 0
check "and reads back" zone_holds 1

set_policy numa
check_equal "eight writes at a time, no path lost: all succeed" "0 1024" "$(write_zones 2)"

no_merges
before=$(failovers) merged_before=$(merged)
write_while_swapping 6
moved=$(($(failovers) - before))
fabrics_ana "$away" 1 optimized
check_equal "paths come and go: a port went" 8 $swaps
check_equal "and all writes succeed" 1024 "$written"
for zone in 6 7 8 9; do
	check "zone $zone reads back" zone_holds $zone
done
# Had all eight been sent, each would have failed over by itself.
check_equal "no two writes were merged" "$merged_before" "$(merged)"
check_equal "each time one failed over, and the seven behind it with it" 8 $moved
check "zone append, by passthrough" nvme zns zone-append "/dev/$head" -s $((1 * 1024)) -z 4096 -d /tmp/data
check "reset of a zone" nvme zns reset-zone "/dev/$head" -s 1024
check "which is then written to again" write_zone 1
check "and reads back" zone_holds 1
