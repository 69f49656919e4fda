#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 7.3-patched
# with --all: 6.12-patched
# machine: pci
# A controller whose disk is its own, as all are where the kernel's multipath is off: no
# path of a head, nothing else leads to it. Who uses it is named in the plan, and it stays.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/own.sh

known() { nvmpathctl show "$own" >/dev/null; }
plan() { nvmpathctl plan "$own" >/tmp/plan 2>&1; }
names() { grep -qE "$1" /tmp/plan; }

daemon_start
check "a controller is plugged in" own_plug
check "its disk is there" wait_for 30 own_find
check "the daemon knows it" wait_for 10 known
note "$own has $disk, $(nvmpathctl list -q | grep -c "$disk") paths of a head"

# The kernel itself says no, as no head has this disk: with ok it would hold nothing.
check_equal "hold is EBUSY: nothing else leads there" EBUSY "$(write_ctrl_state "$own" hold)"
check_equal "and it reads online" online "$(cat "/sys/class/nvme/$own/admin_state")"

mkfs.ext4 -q "/dev/$disk" && mkdir -p "/mnt/own disk" && mount "/dev/$disk" "/mnt/own disk"
check "its disk is mounted" mountpoint -q "/mnt/own disk"
plan
check "a plan says that the disk would go" names "$disk would go with $own"
check "and where it is mounted" names "$disk is mounted at /mnt/own disk"
check "and that there is nothing to remove it from" names "$own carries no path to any namespace"
sed 's/^/#   /' /tmp/plan
check_exit "a removal is refused" 4 "$own carries no path to any namespace" nvmpathctl remove "$own"
check_exit "even forced" 4 "$own carries no path to any namespace" nvmpathctl remove "$own" --force
check "the disk is there" [ -b "/dev/$disk" ]
umount "/mnt/own disk"
plan
check "what is no longer mounted is not told" eval '! names mounted'
if [ -e /proc/swaps ]; then
	mkswap -q "/dev/$disk" && swapon "/dev/$disk"
	plan
	check "swap on it is told" names "$disk is mounted at \\[SWAP\\]"
	swapoff "/dev/$disk"
	plan
	check "and no longer than it is" eval '! names SWAP'
else
	skip "swap: this kernel has none"
fi

sleep 600 <"/dev/$disk" & user=$!
plan
check "who has it open is told" names "$user sleep $disk"
kill $user
wait $user 2>/dev/null
check "device_del is taken" own_unplug
check "it goes" wait_for 30 [ ! -e "/dev/$disk" ]
check_equal "the others were left alone" 2 "$(controllers | wc -l)"
