# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Part of init: makes namespace 2 of the lab's target of the only PCIe drive, connects
# to it over all ports, and mounts what is on the head as the root to be.

# $1 command of lib.sh, with this folder's tools: init itself ends at the first error
of_lib() { LAB_MACHINE=root bash -c '. "$0" && "$@"' "${BASH_SOURCE[0]%/*}/lib.sh" "$@"; }

mount -n --move $new/dev /dev
mount -n -t sysfs sysfs /sys
mount -n -t proc proc /proc
mount -n -t configfs configfs /sys/kernel/config
ip link set lo up
of_lib fabrics_setup
of_lib fabrics_connect_all
disk=/dev/$(of_lib head_disk 2)
of_lib wait_for 20 test -b "$disk"
head=/mnt/head
mkdir $head
mount -n -t ext4 "$disk" $head
mount -n -t tmpfs tmpfs $head/tmp
mount -n -t tmpfs tmpfs $head/var/tmp
mount -n --move $new $head/lab
mount -n --move /dev $head/dev
umount -n /sys/kernel/config
umount -n /proc
mount -n --move /sys $head/sys
new=$head
