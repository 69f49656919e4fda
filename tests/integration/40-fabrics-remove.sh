#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: fabrics
# Over fabrics: what can be removed is the controller.
set -u
. /nvmpath/lab/guest/lib.sh

# What sysfs shows of how the controller at service id $1 is connected
connection_at() {
	(cd "/sys/class/nvme/$(ctrl_by_port "$1")" && grep -H . ctrl_loss_tmo reconnect_delay \
		fast_io_fail_tmo kato queue_count sqsize hostnqn hostid &&
		grep -h . nvme*n1/queue/stable_writes | sed 's/^/data digest: /')
}

# Connects the controller at service id $1 anew, with what is nobody's default.
connect_differently() {
	nvme disconnect -d "$(ctrl_by_port "$1")" >/dev/null
	wait_for 20 controller_count 3 &&
		fabrics_connect "$1" --ctrl-loss-tmo=-1 --reconnect-delay=3 --keep-alive-tmo=17 \
			--nr-io-queues=1 --queue-size=32 --data-digest &&
		wait_for 20 path_back "$(ctrl_by_port "$1")" 1 &&
		echo 0 >"/sys/class/nvme/$(ctrl_by_port "$1")/fast_io_fail_tmo"
}

# nvme connect 2.3 finds the one that is there, and says so whatever -D asks for.
connect_twin() {
	echo "transport=tcp,traddr=127.0.0.1,trsvcid=$1,nqn=$FABRICS_NQN,hostnqn=$HOST_NQN,hostid=$HOST_ID,nr_io_queues=2,duplicate_connect" \
		>/dev/nvme-fabrics
}

connect_as_usual() {
	nvme disconnect -d "$(ctrl_by_port "$1")" >/dev/null
	wait_for 20 controller_count 3 && fabrics_connect "$1" &&
		wait_for 20 path_back "$(ctrl_by_port "$1")" 1
}

check "one is connected differently" connect_differently "${LAB_PORTS[1]}"
check_equal "sysfs shows that" "ctrl_loss_tmo:off reconnect_delay:3 fast_io_fail_tmo:0 kato:17 \
queue_count:2 sqsize:31 hostnqn:$HOST_NQN hostid:$HOST_ID data digest: 1" \
	"$(connection_at "${LAB_PORTS[1]}" | xargs)"

daemon_start
mapfile -t ctrls < <(controllers)
path=$(path_of "${ctrls[0]}" 1)
before=$(picture)
check_equal "four paths" 4 "$(for c in "${ctrls[@]}"; do path_of "$c" 1; done | wc -l)"
check_exit "remove of a single path: 4, naming the controller" 4 "${ctrls[0]}" \
	nvmpathctl remove "$path"
check_equal "nothing was held for it" "$before" "$(picture)"
load_start
check_exit "holding a single path works" 0 "" nvmpathctl hold "$path"
check_exit "and releasing it" 0 "" nvmpathctl release "$path"
check_exit "and draining it" 0 "" nvmpathctl drain "$path"
check_exit "and releasing it then" 0 "" nvmpathctl release "$path"
for port in "${LAB_PORTS[@]}"; do
	ctrl=$(ctrl_by_port "$port")
	was=$(connection_at "$port")
	check_exit "remove $ctrl (port $port)" 0 "" nvmpathctl remove "$ctrl"
	check "it is gone" controller_count 3
	check_exit "restore $ctrl" 0 "" nvmpathctl restore "$ctrl"
	check "it is back at port $port" wait_for 20 ctrl_by_port "$port"
	check "its path is usable" wait_for 20 path_back "$(ctrl_by_port "$port")" 1
	check_equal "it is connected as it was" "$was" "$(connection_at "$port")"
done

note "in nvme-cli's exclusion list, which the service may write"
list=/etc/nvme/exclusions.conf.d port=${LAB_PORTS[2]}
ctrl=$(ctrl_by_port "$port")
check_exit "remove $ctrl with --exclude" 0 "" nvmpathctl remove --exclude "$ctrl"
check_equal "it is on the list" \
	"exclusion = transport=tcp;traddr=127.0.0.1;trsvcid=$port;nqn=$FABRICS_NQN" \
	"$(grep -h ^exclusion $list/*.conf)"
check_exit "restore $ctrl" 0 "" nvmpathctl restore "$ctrl"
check "it is on the list no more" sh -c "! grep -h ^exclusion $list/*.conf"
check "it is back" wait_for 20 path_back "$(ctrl_by_port "$port")" 1

note "beside another connection of the same host in the same place"
first=$(ctrl_by_port "$port")
controllers | sort >/run/before-twin
check "one more is connected" connect_twin "$port"
check "there are five" wait_for 20 controller_count 5
twin=$(controllers | sort | comm -13 /run/before-twin -)
check "its path is usable" wait_for 20 path_back "$twin" 1
was=$(stat -Lc %i "/sys/class/nvme/$twin")
check_exit "remove $first, not $twin" 0 "" nvmpathctl remove "$first"
check "four are left" controller_count 4
check_exit "restore it" 0 "" nvmpathctl restore "$first"
check "there are five again" wait_for 20 controller_count 5
check_equal "$twin is the one that was there" "$was" "$(stat -Lc %i "/sys/class/nvme/$twin")"
check_exit "remove $twin" 0 "" nvmpathctl remove "$twin"
check "there are four again" controller_count 4
load_stop
check_load "seven removed, six of them back"
check "as the others again" connect_as_usual "${LAB_PORTS[1]}"
