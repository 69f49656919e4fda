#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 6.12-patched 7.3 7.3-patched
# machine: pci
# The dead-queue window, held open: a passthrough command parked with its request
# allocated keeps the path's queue entered, a change of the queue's limits freezes it,
# so what is read sleeps at the queue's door until the removal of the namespace marks
# the disk dead. All of it must come by the other path.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/stage.sh

ctrl=$(active_controller)
dead_queue_open "$ctrl"
nvmpath-stage read "/dev/$(head_disk 1)" 16 16 >/tmp/reads &
reading=$!
sleep 1
note "$(door_sleepers) readers sleep at the door of $(path_of "$ctrl" 1)"
dead_queue_remove "$ctrl"
# Until the disk is dead; the queue is let go only after that.
wait_for 5 test -s /tmp/reads || sleep 1
dead_queue_close "$ctrl"
check "the readers end" wait_for 60 ended $reading
reproduced "dead queue, 16 reads" "$(reads_value errors)" 0 "$(cat /tmp/reads)"
dead_queue_restore
