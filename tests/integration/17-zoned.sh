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

# Writes 16 MiB from a zone's start on, in order. $1 zone, $2 how many are under way
# at a time. Prints the error and the number of writes.
write_zones() {
	fio --name=zones --filename="/dev/$head" --ioengine=libaio --iodepth="$2" --direct=1 \
		--rw=write --bs=16k --offset=$(($1 * 4))M --size=16M --zonemode=none \
		--output-format=json >/tmp/fio.json 2>/tmp/fio.err
	python3 -c 'import json
text = open("/tmp/fio.json").read()
job = json.loads(text[text.index("{"):])["jobs"][0]
print(job["error"], job["write"]["total_ios"])'
}

# Takes the two ports away in turns, by ANA: commands that reach the one that is
# away fail with a path error, and were not carried out.
flip_ports() {
	local port
	until [ -e /tmp/flip.end ]; do
		for port in 1 2; do
			fabrics_ana $port 1 inaccessible
			sleep 0.4
			fabrics_ana $port 1 optimized
			sleep 0.4
		done
	done
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
check_equal "eight writes at a time, no path lost: all succeed" "0 1024" "$(write_zones 2 8)"

# Again in the next zones, until one of the writes has been under way at the wrong moment.
before=$(failovers)
rm -f /tmp/flip.end
flip_ports &
zone=6 moved=0 result="0 1024"
while [ $moved = 0 ] && [ $zone -lt 30 ] && [ "$result" = "0 1024" ]; do
	result=$(write_zones $zone 1)
	moved=$(($(failovers) - before))
	zone=$((zone + 4))
done
touch /tmp/flip.end
wait $!
check_equal "paths come and go: all writes succeed" "0 1024" "$result"
if [ $moved -gt 0 ]; then
	ok "of these writes failed over: $moved"
else
	skip "none of $(((zone - 6) * 256)) writes failed over this time"
fi
check "zone append, by passthrough" nvme zns zone-append "/dev/$head" -s $((1 * 1024)) -z 4096 -d /tmp/data
check "reset of a zone" nvme zns reset-zone "/dev/$head" -s 1024
check "which is then written to again" write_zone 1
check "and reads back" zone_holds 1
