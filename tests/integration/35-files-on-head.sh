#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: fabrics
# long
# The daemon's own code and libraries lie on a head all of whose paths are down for
# 60 s in the middle of a removal; the page cache is emptied meanwhile. It goes on,
# ends the removal one way or the other, and nothing is stuck. (The machine's root
# is elsewhere: the command line and systemd do not hang with the disk.)
set -u
. /nvmpath/lab/guest/lib.sh

disk=/run/head
mkdir -p $disk
check "a filesystem on the head" sh -c "mkfs.ext4 -q -F /dev/$(head_disk 2) 60M && mount /dev/$(head_disk 2) $disk"
mkdir $disk/lib
ldd /usr/lib/nvmpath/nvmpathd | sed -n 's/.* \(\/[^ ]*\) (.*/\1/p; s/^\t\(\/[^ ]*\) (.*/\1/p' |
	while read -r lib; do cp -L "$lib" $disk/lib; done
cp /usr/lib/nvmpath/nvmpathd $disk
drop_in=/run/systemd/system/nvmpathd.service.d
mkdir -p $drop_in
printf '[Service]\nExecStart=\nExecStart=%s --library-path %s %s\n' \
	"$(ls $disk/lib/ld-linux*)" $disk/lib $disk/nvmpathd >$drop_in/head.conf
systemctl daemon-reload
daemon_start
pid=$(systemctl show -p MainPID --value nvmpathd)
check "the daemon and its libraries come from there" sh -c \
	"grep -q ' $disk/nvmpathd' /proc/$pid/maps && grep -q ' $disk/lib/libc' /proc/$pid/maps"
check "and from nowhere else" sh -c "! grep ' /usr/lib' /proc/$pid/maps | grep -q 'r-xp'"

ctrl=$(ctrl_by_port "${LAB_PORTS[0]}")
path=$(path_of "$ctrl" 1)
faults() { sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 10; }
idle() { nvmpathctl status >/dev/null 2>&1; }
all_live() {	# of those that are there
	local c
	for c in $(controllers); do
		grep -qx live "/sys/class/nvme/$c/state" || return 1
	done
}
none_held() { ! grep -qx hold /sys/block/nvme*c*/admin_state; }
load_start
before=$(faults)
ip link set lo down
begin=$SECONDS
nvmpathctl remove "$ctrl" --timeout=300s >/tmp/remove.log 2>&1 &
remove_pid=$!
check "it is held in the middle of that" wait_for 10 grep -qx hold "/sys/block/$path/admin_state"
sync & sync_pid=$!	# somebody waits for that disk
echo 3 >/proc/sys/vm/drop_caches
slowest=0
while [ $((SECONDS - begin)) -lt 60 ]; do
	asked=$SECONDS
	timeout 20 nvmpathctl status >/tmp/status.log 2>&1
	[ $((SECONDS - asked)) -le $slowest ] || slowest=$((SECONDS - asked))
	echo 3 >/proc/sys/vm/drop_caches
	sleep 3
done
check "it answered all the time, within $slowest s" [ $slowest -lt 10 ]
check_equal "it is the same daemon" "$pid" "$(systemctl show -p MainPID --value nvmpathd)"
check_equal "no page of it was read from that disk" "$before" "$(faults)"
state=$(sed -n 's/.*"state": *"\([^"]*\)".*/\1/p' /run/nvmpath/removal-1.json)
note "after 60 s without paths the removal is $state: $(sed -n 's/.*"detail": *"\([^"]*\)".*/\1/p' /run/nvmpath/removal-1.json)"
ip link set lo up
check "the removal ends" wait_for 120 sh -c "! kill -0 $remove_pid 2>/dev/null"
wait $remove_pid
check "the paths come back" wait_for 60 all_live
check "nothing stays held" wait_for 30 none_held
check "who waited for that disk goes on" wait_for 60 sh -c "! kill -0 $sync_pid 2>/dev/null"
check "the disk is read" wait_for 30 cmp $disk/nvmpathd /usr/lib/nvmpath/nvmpathd
load_stop
check_load "60 s without a path"
if ! ctrl_by_port "${LAB_PORTS[0]}" >/dev/null; then	# it was removed for good
	check_exit "it is brought back" 0 "" nvmpathctl restore 1
fi
check "the daemon answers" wait_for 10 idle
systemctl stop nvmpathd
rm -r $drop_in
systemctl daemon-reload
check "the disk is let go" wait_for 20 umount $disk
