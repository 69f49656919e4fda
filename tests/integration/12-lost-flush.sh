#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 6.12-patched 7.3 6.12-patched-kasan
# with --all: 7.3-patched
# machine: pci
# A flush that fails with a path error runs on another path.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/faults.sh

set_policy numa
head=$(head_disk 1)

# fdatasync on the head; prints "ok" or the errno's name
fdatasync() {
	python3 -c 'import errno, os, sys
fd = os.open(sys.argv[1], os.O_RDWR)
try:
    os.fdatasync(fd)
    print("ok")
except OSError as e:
    print(errno.errorcode[e.errno])' "/dev/$head"
}

failed=0 elsewhere=0 acknowledged=0
for round in 1 2 3; do
	path=$(path_in_use)
	note "round $round: the path in use is $path"
	trace_start
	inject_once "$path"
	answer=$(fdatasync)
	inject_no_more "$path"
	trace_stop
	failed=$((failed + $(flushes_failed "$path")))
	acknowledged=$((acknowledged + $([ "$answer" = ok ] && echo 1 || echo 0)))
	for c in $(controllers); do
		other=$(path_of "$c" 1)
		elsewhere=$((elsewhere + $(flushes_sent "$other")))
	done
done
# The flushes that failed are among those that were sent.
elsewhere=$((elsewhere - failed))
note "3 fdatasync: $failed flushes failed, $elsewhere others were sent, $acknowledged acknowledged"

check_equal "a flush of each failed with a path error" 3 $failed
if kernel_patched "$path"; then
	check_equal "each flush was sent again" 3 $elsewhere
	check_equal "each fdatasync succeeds" 3 $acknowledged
else
	check_equal "without the series: no flush was sent again" 0 $elsewhere
	check_equal "without the series: yet each fdatasync succeeds" 3 $acknowledged
fi
