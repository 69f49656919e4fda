#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# with --all: 7.3-patched
# machine: fabrics
# A connection that authenticates, both ways, with DH-HMAC-CHAP: it is made again with its
# secrets, by the daemon that took it away; by another one with those of nvme-cli's
# configuration, and not without.
set -u
. /nvmpath/lab/guest/lib.sh

port=${LAB_PORTS[3]} host=/sys/kernel/config/nvmet/hosts/$HOST_NQN
target=/sys/kernel/config/nvmet/subsystems/$FABRICS_NQN
config=/etc/nvme/config.json

# From here on the target lets nobody in but this host, with these keys. Who is connected
# stays so.
ask_for_keys() {
	host_key=$(nvme gen-dhchap-key --nqn="$HOST_NQN") &&
		target_key=$(nvme gen-dhchap-key --nqn="$FABRICS_NQN") || return 1
	mkdir "$host" && echo "$host_key" >"$host/dhchap_key" &&
		echo "$target_key" >"$host/dhchap_ctrl_key" &&
		echo 0 >"$target/attr_allow_any_host" && ln -s "$host" "$target/allowed_hosts/"
}

ask_no_more() {
	rm "$target/allowed_hosts/$HOST_NQN" && rmdir "$host" &&
		echo 1 >"$target/attr_allow_any_host"
}

# Whoever comes next finds the target as it was, wherever this ends.
leave() {
	rm -f "$config" "$target/allowed_hosts/$HOST_NQN"
	[ ! -d "$host" ] || rmdir "$host"
	echo 1 >"$target/attr_allow_any_host"
}
trap leave EXIT

refused() { ! fabrics_connect "$port"; }
connect_with() { fabrics_connect "$port" "$@" && wait_for 20 ctrl_by_port "$port"; }

# Secrets of the connection at the port, as the kernel shows them
secrets() { (cd "/sys/class/nvme/$(ctrl_by_port "$port")" && cat dhchap_secret dhchap_ctrl_secret); }

configure() {
	mkdir -p "${config%/*}"
	(umask 77 && cat >$config) <<-END
	[ { "hostnqn": "$HOST_NQN", "hostid": "$HOST_ID", "subsystems": [
	  { "nqn": "$FABRICS_NQN", "ports": [
	    { "transport": "tcp", "traddr": "127.0.0.1", "trsvcid": "$port",
	      "dhchap_key": "$host_key", "dhchap_ctrl_key": "$target_key" } ] } ] } ]
	END
}

# $1 what: it is back, with its secrets, and usable
back_with_secrets() {
	check "$1: it is back" wait_for 20 path_back "$(ctrl_by_port "$port")" 1
	check_equal "$1: with its secrets" "$host_key $target_key" "$(secrets | xargs)"
}

nvme disconnect -d "$(ctrl_by_port "$port")" >/dev/null
wait_for 20 controller_count 3
check "the target asks for keys" ask_for_keys
check "without them nobody gets in" refused
check "and none is there" controller_count 3
check "with them one does" connect_with --dhchap-secret="$host_key" \
	--dhchap-ctrl-secret="$target_key"
back_with_secrets "nvme connect"

daemon_start
ctrl=$(ctrl_by_port "$port")
load_start
check_exit "remove $ctrl" 0 "" nvmpathctl remove "$ctrl"
check "it is gone" controller_count 3
check_exit "restore $ctrl" 0 "" nvmpathctl restore "$ctrl"
back_with_secrets "restore"

ctrl=$(ctrl_by_port "$port")
check_exit "remove it again" 0 "" nvmpathctl remove "$ctrl"
check "the removal is on record" grep -rqF "$FABRICS_NQN" /run/nvmpath
check_equal "no secret is" 0 "$(grep -rlF -e "$host_key" -e "$target_key" /run/nvmpath | wc -l)"
check "the daemon restarts" systemctl restart nvmpathd
check_exit "what it knew is gone with it: the restore fails and says so" 1 \
	"secrets went with the daemon" nvmpathctl restore "$ctrl"
check "nothing is connected" controller_count 3
configure
check_exit "with nvme-cli's configuration it is restored" 0 "" nvmpathctl restore "$ctrl"
back_with_secrets "restore by configuration"

load_stop
check_load "a connection that authenticates"
check_equal "no secret is in the journal" 0 \
	"$(journalctl -b -o json --no-pager | grep -cF -e "$host_key" -e "$target_key")"
rm $config
nvme disconnect -d "$(ctrl_by_port "$port")" >/dev/null
wait_for 20 controller_count 3
check "the target asks no more" ask_no_more
