#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: root
# long
# The root filesystem - systemd, the bus, the daemon, everything but this script - lies
# on a head all of whose paths are down for 60 s in the middle of a removal, with an
# empty page cache. The daemon acts meanwhile: a hold ends when its time does. The
# removal ends one way or the other, and nothing is stuck afterwards.
set -u
. /nvmpath/lab/guest/lib.sh

# $1 process
from_root() { [ "$(stat -Lc %d "/proc/$1/exe")" = "$(stat -c %d /proc/1/root/.)" ]; }
faults() { sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 10; }
states() { local c; for c in $(controllers); do cat "/sys/class/nvme/$c/state"; done; }
all_live() { ! states | grep -qvx live; }
none_live() { ! states | grep -qx live; }
none_held() { ! grep -qx hold /sys/block/nvme*c*/admin_state; }
path_online() { [ "$(admin_state "$1")" = online ]; }
ended() { ! kill -0 "$1"; }
record() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" /run/nvmpath/removal-1.json; }

check_equal "the root filesystem is on the head" "/dev/$(head_disk 2)" \
	"$(awk '$2 == "/" { print $1 }' /proc/1/mounts)"
stuck_begin
for service in nvmpathd dbus systemd-udevd systemd-journald; do
	check "$service runs from there" \
		from_root "$(systemctl show -p MainPID --value $service)"
done
other=$(path_of "$(ctrl_by_port "${LAB_PORTS[1]}")" 1)
check_exit "another path is held for 30 s" 0 "" nvmpathctl hold "$other" --ttl=30s
before=$(faults)
stuck_removal "$ctrl"	# a namespace of this target cannot be detached
check_equal "the removal is in its middle" draining "$(record state)"
ip link set lo down
begin=$SECONDS
echo 3 >/proc/sys/vm/drop_caches
# These need the root: they wait, and must go on.
systemd-run --no-block --quiet --unit=needs-root /usr/bin/find /usr -xdev -type f &
asked_pid=$!
sync & sync_pid=$!
check "the hold of the other path ends by itself" wait_for 50 path_online "$other"
note "$((SECONDS - begin)) s after the paths went"
check "no controller is live" wait_for 50 none_live
while [ $((SECONDS - begin)) -lt 60 ]; do
	echo 3 >/proc/sys/vm/drop_caches
	sleep 2
done
check "still none is" none_live
check "who needs the root waits for it" kill -0 $sync_pid
note "after 60 s the removal is $(record state): $(record detail)"
check "the daemon is the same" kill -0 "$pid"
check_equal "no page of it was read from that disk" "$before" "$(faults)"
echo 0 >/sys/kernel/debug/fail_io_timeout/probability
ip link set lo up
check "the paths come back" wait_for 60 all_live
check "the removal ends" wait_for 60 ended "$removal_pid"
wait "$removal_pid"
note "nvmpathctl says: $(tail -n 1 /tmp/remove.log)"
check "who waited for the disk goes on" wait_for 60 ended $sync_pid
wait $asked_pid
check "as does what systemd was to start" wait_for 60 sh -c \
	"systemctl show -p ActiveState needs-root | grep -q inactive"
check "nothing stays held" wait_for 30 none_held
check_equal "the daemon was not started again" "$pid" "$(daemon_pid)"
load_stop
check_load "60 s without the root"
check_equal "no I/O was stuck" 0 "$(load_value stuck)"
ctrl_by_port "${LAB_PORTS[0]}" >/dev/null ||
	check_exit "what was removed is brought back" 0 "" nvmpathctl restore 1
check "the root can be read" \
	cmp /proc/1/root/usr/lib/nvmpath/nvmpathd /usr/lib/nvmpath/nvmpathd
check_exit "status after it" 0 "" nvmpathctl status
