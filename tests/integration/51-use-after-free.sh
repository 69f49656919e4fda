#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-kasan 6.12-patched-kasan
# with --all: 7.3-kasan 7.3-patched-kasan
# machine: pci
# The use after free behind the dead-queue window: readers that sleep at the path's door
# are woken when its disk is dead, but get no processor until it is freed. They and what
# starves them are real-time tasks on one processor, so that nothing else waits for it.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/stage.sh

reports() { dmesg | grep -c 'BUG: KASAN'; }
# Of the last one: what it is, in which function, and which of the door's is above that.
where() {
	dmesg | sed -nE 's/.*BUG: KASAN: ([^+]*).*/: \1/p; s/.* (__bio_queue_enter|blk_queue_enter)\+.*/ under \1/p' |
		awk '/^: /{ text = $0; n = 0 } /^ under / && !n++ { text = text $0 } END { printf "%s", text }'
}

# All that a removal takes runs on the first processor, the readers on the second.
echo -1 >/proc/sys/kernel/sched_rt_runtime_us
echo 1 >/sys/devices/virtual/workqueue/cpumask
taskset -pc 0 $$ >/dev/null

before=$(reports)
ctrl=$(active_controller)
dead_queue_open "$ctrl"
taskset -c 1 chrt -f 1 nvmpath-stage read "/dev/$(head_disk 1)" 16 16 >/tmp/reads &
reading=$!
sleep 1
note "$(door_sleepers) readers sleep at the door of $(path_of "$ctrl" 1)"
taskset -c 1 chrt -f 50 sh -c 'while :; do :; done' &
hog=$!
dead_queue_remove "$ctrl"
sleep 2
dead_queue_close "$ctrl"
sleep 3			# the disk is freed after a grace period
kill $hog
check "the readers end" wait_for 60 ended $reading
found=$(($(reports) - before))
reproduced "readers that outlive the disk" $found 0 "$found reports of KASAN$(where)"
if patched; then
	check_equal "no read failed" 0 "$(reads_value errors)"
else
	note "the reads: $(cat /tmp/reads)"
fi
echo 3 >/sys/devices/virtual/workqueue/cpumask
if ! patched; then
	# What was to be shown is no complaint.
	dmesg >/run-lab/use-after-free
	dmesg --clear
fi
dead_queue_restore
