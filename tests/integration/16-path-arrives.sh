#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# A path that arrives does not freeze the head. The only path is frozen, and a read
# waits for it inside the head's queue: whoever freezes the head waits for that read.
# The path that arrives must come through all the same, and take the read.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
ctrl=${ctrls[0]} other=${ctrls[1]}
head=$(head_disk 1)
path=$(path_of "$ctrl" 1)
nvmpath-stage read "/dev/$head" 4 1 >/dev/null

# Passthrough on a controller's node goes to its only namespace.
abrupt_detach "$ctrl" 2
wait_for 20 path_gone "$ctrl" 2
bridge=$(pci_remove "$other")
check "one path is left" wait_for 20 controller_count 1

# The value that is there already: the queue is frozen all the same.
freeze() {
	local kb
	line_of kb "/sys/block/$path/queue/max_sectors_kb"
	echo "$kb" >"/sys/block/$path/queue/max_sectors_kb"
}

# The other one, whatever it is called now, has its path, which is usable.
arrived() {
	other=$(controllers | grep -vxF "$ctrl") && path_back "$other" 1
}

rm -f /tmp/go
nvmpath-stage park-data "/dev/$ctrl" 1 /tmp/go >/tmp/parked 2>&1 &
parked=$!
check "a passthrough command is parked in the path" wait_for 5 grep -q parked /tmp/parked
freeze &
frozen=$!
sleep 1
nvmpath-stage read "/dev/$head" 4 1 >/tmp/reads &
reading=$!
sleep 0.5
check "a read waits for the frozen path" kill -0 $reading
pci_rescan "$bridge"
check "the other path arrives" wait_for 20 arrived
check "and takes what has waited" wait_for 5 test -s /tmp/reads
check "while the first one is still frozen" kill -0 $frozen
touch /tmp/go
wait $reading $frozen $parked
check_equal "no read has failed ($(cat /tmp/reads))" 0 "$(reads_value errors)"
attach "$ctrl" 2
check "the path of the other namespace comes back" wait_for 20 path_back "$ctrl" 2
