#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: fabrics
# long
# What was acknowledged survives a power failure of a drive with a volatile cache
# though the flush met a path error. The drive is null_blk: switched off, it
# forgets its cache and keeps the rest. The injected error takes the place of the
# status of a flush that the drive has carried out, so an unpatched kernel loses
# nothing here; what it does with such a flush is shown by 12-lost-flush.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/faults.sh

trap null_target_done EXIT
check "a drive with a volatile cache" null_target cache_size=64
set_policy numa
head=$(head_disk 1)
mapfile -t ctrls < <(controllers)
path=$(path_of "${ctrls[0]}" 1)

# Writes 1 MiB to the head, past the page cache. $1 word that fills it, $2 sync or
# nosync, $3 path whose next command fails (none if empty). Prints "ok" or the
# errno's name.
write_head() {
	python3 -c 'import errno, mmap, os, subprocess, sys
disk, word, sync, path = sys.argv[1:]
fd = os.open(disk, os.O_RDWR | os.O_DIRECT)
m = mmap.mmap(-1, 1 << 20)
m.write((word.encode() * (1 << 20))[:1 << 20])
os.pwrite(fd, m, 0)
if path:
    subprocess.run(["bash", "-c", ". /nvmpath/lab/guest/faults.sh; inject_once " + path])
try:
    if sync == "sync":
        os.fdatasync(fd)
    print("ok")
except OSError as e:
    print(errno.errorcode[e.errno])' "/dev/$head" "$@"
}

# $1 word: how much of what the drive holds is filled with it, in KiB
kib_of() {
	python3 -c 'import sys
with open(sys.argv[1], "rb") as f:
    data = f.read(1 << 20)
want = (sys.argv[2].encode() * (1 << 20))[:1 << 20]
print(sum(data[i:i+1024] == want[i:i+1024] for i in range(0, 1 << 20, 1024)))' "$NULL_DISK" "$1"
}

# Which path the head uses is found out by where the writes went.
used_path() {
	local c p n best=0
	for c in $(controllers); do
		p=$(path_of "$c" 1)
		n=$(requests_of "$p")
		[ "$n" -ge "$best" ] || continue
		best=$n path=$p
	done
}

# $1 word, $2 sync|nosync, $3 1: the flush meets a path error
power_round() {
	write_head warm nosync '' >/dev/null
	used_path
	trace_start
	answer=$(write_head "$1" "$2" "$([ "$3" = 0 ] || echo "$path")")
	trace_stop
	failed=$(flushes_failed "$path")
	null_power_cut
	kept=$(kib_of "$1")
	note "$2, path error: $3: fdatasync $answer, $failed flushes failed, $kept of 1024 KiB kept"
	null_back
	head=$(head_disk 1)
}

power_round alpha nosync 0
check_equal "the model: what was not flushed is gone" 0 "$kept"
power_round bravo sync 0
check_equal "the model: what was flushed is kept" 1024 "$kept"
power_round charlie sync 1
check_equal "the flush met a path error" 1 "$failed"
check_equal "fdatasync succeeds" ok "$answer"
check_equal "and what it acknowledged is kept" 1024 "$kept"

# A journal's commit is a write with a flush before it. Where the error falls
# cannot be told beforehand: spare another number of commands until it is
# the flush that fails.
journal_round() {
	write_head warm nosync '' >/dev/null
	used_path
	mkfs.ext4 -q -F -b 4096 -E nodiscard,lazy_itable_init=0,lazy_journal_init=0 "/dev/$head" || return
	mount "/dev/$head" /mnt || return
	sync
	trace_start
	inject_once "$path" "$1"
	answer=$(python3 -c 'import os
fd = os.open("/mnt/acknowledged", os.O_WRONLY | os.O_CREAT)
os.write(fd, b"x" * 65536)
try:
    os.fsync(fd)
    print("ok")
except OSError as e:
    print(e)')
	inject_no_more "$path"
	trace_stop
	failed=$(flushes_failed "$path")
	echo 0 >"$NULL_DEV/power"
	umount -l /mnt
	null_power_cut
	kept=0
	if mount "$NULL_DISK" /mnt 2>/dev/null; then
		kept=$(tr -cd x <"/mnt/acknowledged" 2>/dev/null | wc -c)
		umount /mnt
	fi
	note "fsync of a file, $1 commands spared: $answer, $failed flushes failed, $kept of 65536 bytes kept"
	null_back
	head=$(head_disk 1)
}

for spare in 5 4 6 3 7 2 8 1; do
	journal_round $spare
	[ "$failed" = 0 ] || break
done
check_equal "a journal's flush met a path error" 1 "$failed"
check_equal "fsync of the file succeeds" ok "$answer"
check_equal "and the file is there" 65536 "$kept"
