#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 7.3-patched
# with --all: 6.12 6.12-patched 7.3
# machine: fabrics
# A read that the path has split, and whose remainder fails before it is a request: it goes
# to another path if its own is held by then, but the error of a part that has failed before
# that stays. Eight parts, for which the path has three requests of a second each: the
# fourth waits for one of them, and with it all behind it. Meanwhile the path is held, and
# the next remainder is made to fail. Without the series nobody can hold a path; the rest is the same.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/faults.sh

FAIL=/sys/kernel/debug/fail_make_request
MEDIUM_ERROR=0x281	# unrecovered read error: no path error

trap null_target_done EXIT
check "a slow drive" null_target irqmode=2 completion_nsec=1000000000
set_policy numa
head -c 128k /dev/urandom >/tmp/data
dd if=/tmp/data of=$NULL_DISK bs=128k oflag=direct 2>/dev/null
path=$(path_in_use)
echo 16 >"/sys/block/$path/queue/max_sectors_kb"
echo 4 >"/sys/block/$path/queue/nr_requests"	# one of them is reserved

# Requests of the path that are under way. $1 how many they are to be.
under_way() {
	local reads writes
	read -r reads writes <"/sys/block/$path/inflight" && [ $((reads + writes)) = "$1" ]
}

redirected() { cat "/sys/block/$path/diag/bio_redirect_count" 2>/dev/null || echo 0; }

# From here on the first bio that is about to enter the path fails, and no other.
fail_next() {
	echo 0 >$FAIL/verbose
	echo 0 >$FAIL/space
	echo 1 >$FAIL/interval
	echo 1 >$FAIL/times
	echo 100 >$FAIL/probability
	echo 1 >"/sys/block/$path/make-it-fail"
}

fail_no_more() {
	echo 0 >"/sys/block/$path/make-it-fail"
	echo 0 >$FAIL/probability
	cat $FAIL/times
}

# Sets answer: "ok", "other data" or the errno's name; went: bios that left the path;
# left: failures that nothing met. $1 status with which the first part fails, if any
split_read() {
	local before
	before=$(redirected)
	[ $# = 0 ] || inject_once "$path" 0 "$1"
	taskset -c 0 python3 -c 'import errno, mmap, os, sys
fd = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT)
m = mmap.mmap(-1, 128 << 10)
try:
    n = os.preadv(fd, [m], 0)
    same = m[:n] == open("/tmp/data", "rb").read()
    print("ok" if same else "other data")
except OSError as e:
    print(errno.errorcode[e.errno])' "/dev/$head" >/tmp/answer &
	check "three parts are under way, and no more" wait_for 5 under_way 3
	! kernel_patched "$path" || echo hold >"/sys/block/$path/admin_state"
	fail_next
	wait $!
	left=$(fail_no_more)
	inject_no_more "$path"
	! kernel_patched "$path" || echo online >"/sys/block/$path/admin_state"
	answer=$(cat /tmp/answer)
	went=$(($(redirected) - before))
	note "the read: $answer; bios that went elsewhere: $went"
}

head=$(head_disk 1)
split_read
check_equal "the remainder was made to fail" 0 "$left"
reproduced "the remainder of a split fails" $([ "$answer" = ok ] && echo 0 || echo 1) 0 "$answer"
! kernel_patched "$path" || check_equal "it went elsewhere" 1 $went

split_read $MEDIUM_ERROR
check_equal "the remainder was made to fail" 0 "$left"
if kernel_patched "$path"; then
	check_equal "a part had failed before that: its error stays" ENODATA "$answer"
	check_equal "though the remainder went elsewhere" 1 $went
else
	check "without the series: the read fails ($answer)" [ "$answer" != ok ]
fi
