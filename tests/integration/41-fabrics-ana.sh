#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: fabrics
# ANA states in path_state, on the bus, and in what counts as the last path.
set -u
. /nvmpath/lab/guest/lib.sh

daemon_start
ctrl=$(ctrl_by_port "${LAB_PORTS[0]}")
path=$(path_of "$ctrl" 1)
load_start
fabrics_ana 1 1 inaccessible
check "path_state says ana_inaccessible" wait_for 10 grep -qw ana_inaccessible \
	"/sys/block/$path/path_state"
check "the daemon sees it" wait_for 10 sh -c "nvmpathctl show $path | grep -q inaccessible"
fabrics_ana 1 1 optimized
check "path_state says usable again" wait_for 10 path_usable "$path"
check "the daemon sees that" wait_for 10 sh -c "nvmpathctl show $path | grep -q 'usable: yes'"
load_stop
check_load "ANA inaccessible and back"

note "only port 4 is left for namespace 1"
for port in 1 2 3; do
	fabrics_ana $port 1 inaccessible
done
last=$(ctrl_by_port "${LAB_PORTS[3]}")
check "the others are not usable" wait_for 10 grep -qw ana_inaccessible \
	"/sys/block/$(path_of "$(ctrl_by_port "${LAB_PORTS[2]}")" 1)/path_state"
sleep 2
before=$(picture)
check_exit "remove of the controller that has the last path: 4" 4 "$(head_disk 1)" \
	nvmpathctl remove "$last"
check_equal "nothing changed" "$before" "$(picture)"
