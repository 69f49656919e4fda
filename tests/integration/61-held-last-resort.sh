#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 7.3-patched
# with --all: 6.12-patched
# machine: fabrics
# A path is held, the daemon is killed, and then the other paths go.
set -u
. /nvmpath/lab/guest/lib.sh

target=/sys/kernel/config/nvmet
for_others() { local n; for n in 2 3 4; do "$1" $n; done; }
delete() { echo 1 >"/sys/class/nvme/$(ctrl_by_port "${LAB_PORTS[$1 - 1]}")/delete_controller"; }
connect() { fabrics_connect "${LAB_PORTS[$1 - 1]}"; }
port_off() { rm "$target/ports/$1/subsystems/$FABRICS_NQN"; }
port_on() { ln -s "$target/subsystems/$FABRICS_NQN" "$target/ports/$1/subsystems/"; }
started_more_than() { [ "$(requests_of "$path")" -gt "$1" ]; }
# $1 port: what its controller shows of namespace 1
ana_of() { cat "/sys/block/$(path_of "$(ctrl_by_port "${LAB_PORTS[$1 - 1]}")" 1)/ana_state"; }
lost() { [ "$(for_others ana_of | sort -u)" = "persistent-loss" ]; }
quiet() {
	local before
	before=$(requests_of "$path")
	sleep 1
	[ "$(requests_of "$path")" = "$before" ]
}

ctrl=$(ctrl_by_port "${LAB_PORTS[0]}")
path=$(path_of "$ctrl" 1)
daemon_start
load_start
check_exit "hold" 0 "" nvmpathctl hold "$path"
check "drain_state says drained" wait_for 10 grep -qx drained "/sys/block/$path/drain_state"
mkdir -p /run/systemd/system/nvmpathd.service.d
printf '[Service]\nRestart=no\n' >/run/systemd/system/nvmpathd.service.d/killed.conf
systemctl daemon-reload
check "kill -9, for good" systemctl kill -s KILL nvmpathd
check "it is dead" wait_for 10 sh -c '! systemctl is-active nvmpathd'

# Who polls drain_state is told by the kernel alone. Every word that it has been.
python3 - "/sys/block/$path/drain_state" >/tmp/polled <<'END' &
import os, select, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
poll = select.poll()
poll.register(fd, select.POLLPRI)
while True:
    print(os.pread(fd, 64, 0).decode().strip(), flush=True)
    poll.poll()
END
poller=$!

note "the other controllers are deleted: no path can return"
before=$(requests_of "$path")
for_others delete
check "they are gone" wait_for 20 controller_count 1
check "I/O goes to the held path" wait_for 5 started_more_than $((before + 20))
check_equal "it stays held" hold "$(admin_state "$path")"
check_equal "path_state says held" held "$(path_state "$path")"
check "drain_state went back to draining" grep -qx draining "/sys/block/$path/drain_state"
check "the kernel's log says so" sh -c "dmesg | grep -q 'using $path although it is held'"
for_others connect
check "the others come back" wait_for 20 controllers_live
check "the held path is left alone again" wait_for 20 quiet
check "drain_state says drained again" wait_for 10 grep -qx drained "/sys/block/$path/drain_state"
kill $poller
check_equal "who polled it was told each time" "drained draining drained" \
	"$(uniq /tmp/polled | head -n 3 | tr '\n' ' ' | sed 's/ $//')"
load_stop
check_load "the others deleted"
check_equal "no I/O was stuck" 0 "$(load_value stuck)"
check "the slowest I/O took less than 5 s ($(load_value longest_us) us)" \
	[ "$(load_value longest_us)" -lt 5000000 ]

note "the others become inaccessible, which may pass, and then are lost for good, which does not"
load_start
for n in 2 3 4; do fabrics_ana $n 1 inaccessible; done
sleep 4
check "I/O waits for them" quiet
before=$(requests_of "$path")
for n in 2 3 4; do fabrics_ana $n 1 persistent-loss; done
check "the kernel knows" wait_for 5 lost
check "then it goes to the held path, long before 15 s are over" wait_for 4 started_more_than $((before + 20))
check_equal "which stays held" held "$(path_state "$path")"
for n in 2 3 4; do fabrics_ana $n 1 "$([ $n = 2 ] && echo optimized || echo non-optimized)"; done
check "the held path is left alone again" wait_for 20 quiet
load_stop
check_load "the others lost"
check_equal "no I/O was stuck" 0 "$(load_value stuck)"
check "the slowest I/O took less than 15 s ($(load_value longest_us) us)" \
	[ "$(load_value longest_us)" -lt 15000000 ]

note "the ports of the others go: the controllers may return, for 600 s"
load_start
before=$(requests_of "$path")
for_others port_off
check "I/O goes to the held path within 15 s, and some time to notice" \
	wait_for 45 started_more_than $((before + 20))
check_equal "path_state says held" held "$(path_state "$path")"
check "another one is still trying" grep -qx connecting \
	"/sys/class/nvme/$(ctrl_by_port "${LAB_PORTS[1]}")/state"
for_others port_on
check "they are live again" wait_for 60 controllers_live
check "the held path is left alone again" wait_for 20 quiet
load_stop
check_load "the ports gone"
check_equal "no I/O was stuck" 0 "$(load_value stuck)"
note "the slowest I/O took $(load_value longest_us) us"
check "it did wait for those that may return" [ "$(load_value longest_us)" -gt 10000000 ]
check "but less than 30 s" [ "$(load_value longest_us)" -lt 30000000 ]

rm /run/systemd/system/nvmpathd.service.d/killed.conf
systemctl daemon-reload
echo online >"/sys/block/$path/admin_state"
check_equal "drain_state is idle after the release" idle "$(cat "/sys/block/$path/drain_state")"
