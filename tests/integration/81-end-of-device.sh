#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 6.12-patched 7.3 7.3-patched
# machine: pci
# The end-of-device window, held open: a passthrough command parked in the kernel
# holds the head's SRCU, so a namespace's removal stops right after it has set the
# path's capacity to 0, while the head still has that path as its current one. All
# that is read then must come by the other path.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/stage.sh

head=$(head_disk 1)
path_empty() { local size; line_of size "/sys/block/$1/size"; [ "$size" = 0 ]; }

ctrl=$(active_controller)
path=$(path_of "$ctrl" 1)
rm -f /tmp/go
nvmpath-stage park-command "/dev/$head" 1 /tmp/go >/tmp/parked 2>&1 &
parked=$!
check "a passthrough command is parked" wait_for 5 grep -q parked /tmp/parked
abrupt_detach "$ctrl" 1 &
detach=$!
check "$path is in the window: its size is 0, and it is there" wait_for 20 path_empty "$path"
nvmpath-stage read "/dev/$head" 200 4 >/tmp/reads
check "it still is" path_empty "$path"
touch /tmp/go
wait $parked $detach
check "the removal goes on, then" wait_for 20 path_gone "$ctrl" 1
reproduced "end of device, 200 reads" "$(reads_value errors)" 0 "$(cat /tmp/reads)"
attach "$ctrl" 1
check "the path comes back" wait_for 20 path_back "$ctrl" 1
