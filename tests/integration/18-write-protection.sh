#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: fabrics
# long
# Two may forbid writes to a head: the target, which protects the namespace, and the
# administrator (blockdev --setro). The head is written to when both allow it. Since the
# head is frozen only where something about it changes, that must not be missed.
set -u
. /nvmpath/lab/guest/lib.sh

head=$(head_disk 1)
reads_ro() { [ "$(cat "/sys/block/$head/ro")" = "$1" ]; }
# Namespace Write Protection (feature 84h): 1 protects, 0 does not
protect() { nvme set-feature "/dev/$(controllers | head -n 1)" -n 1 -f 0x84 -v "$1" >/dev/null; }
# By now each path was looked at anew. $1 0 or 1
paths_read_ro() { [ "$(cat "/sys/class/nvme/"nvme*/nvme*c*n"${head##*n}"/ro | sort -u)" = "$1" ]; }
rescan() { local c; for c in $(controllers); do nvme ns-rescan "/dev/$c"; done; }
writes() { dd if=/dev/zero of="/dev/$head" bs=4k count=1 oflag=direct conv=fsync 2>/dev/null; }

check "the head is written to" reads_ro 0
check "a write goes through" writes

note "the target protects the namespace"
check "feature 84h is taken" protect 1
check "the head is read-only" wait_for 10 reads_ro 1
check "a write does not go through" eval '! writes'
blockdev --setrw "/dev/$head" 2>/dev/null
check "the administrator cannot allow what the target does not" reads_ro 1
protect 0
check "the head is written to again" wait_for 10 reads_ro 0
check "a write goes through" writes

note "the administrator forbids it first, the target after that"
blockdev --setro "/dev/$head"
rescan
check "a rescan leaves the administrator's word" reads_ro 1
protect 1
check "all paths are protected" wait_for 10 paths_read_ro 1
sleep 1
blockdev --setrw "/dev/$head" 2>/dev/null
check "the target's word holds, although the head had been read-only when it came" reads_ro 1
protect 0
check "the head is written to again" wait_for 10 reads_ro 0
check "a write goes through" writes

note "the target allows it while the administrator does not"
protect 1
check "the head is read-only" wait_for 10 reads_ro 1
blockdev --setro "/dev/$head"
protect 0
check "all paths are free" wait_for 10 paths_read_ro 0
sleep 1
check "the administrator's word holds" reads_ro 1
blockdev --setrw "/dev/$head"
check "the head is written to again" reads_ro 0
check "a write goes through" writes
