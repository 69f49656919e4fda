#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 6.12-patched 7.3 7.3-patched
# machine: fabrics
# long
# The target takes a port away from its subsystem, under load, and gives it back. The
# host's controller loses its connection, and is told on its way back that there is
# nothing (do not retry), so that it may be deleted.
set -u
. /nvmpath/lab/guest/lib.sh

set_policy round-robin
ports=/sys/kernel/config/nvmet/ports

# $1 service id
port_not_live() {
	local c state
	c=$(ctrl_by_port "$1") || return 0
	line_of state "/sys/class/nvme/$c/state"
	[ "$state" != live ]
}
port_back() {
	local c
	c=$(ctrl_by_port "$1") || { fabrics_connect "$1"; return 1; }
	path_back "$c" 1
}

load_start
for port in 1 2; do
	rm "$ports/$port/subsystems/$FABRICS_NQN"
	check "port $port is lost" wait_for 20 port_not_live "${LAB_PORTS[port - 1]}"
	sleep 3
	ln -s "/sys/kernel/config/nvmet/subsystems/$FABRICS_NQN" "$ports/$port/subsystems/"
	check "it is there again" wait_for 60 port_back "${LAB_PORTS[port - 1]}"
done
load_stop
check_equal "no miscompare" 0 "$(load_value miscompares)"
check "the load did something" [ "$(load_value ios)" -gt 100 ]
check_equal "nothing is stuck" 0 "$(load_value stuck)"
reproduced "two ports lost" "$(load_errors)" 0 "$(load_figures)"
