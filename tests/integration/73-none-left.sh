#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci fabrics
# long
# A path is held, and then no path is left, the held one not either: I/O is not kept for
# what cannot return. It fails as soon as that is known, and nothing hangs.
set -u
. /nvmpath/lab/guest/lib.sh

# $1 controller
delete() {
	if over_fabrics; then
		echo 1 >"/sys/class/nvme/$1/delete_controller"
	else
		pci_remove "$1" >/dev/null
	fi
}
# What the load must have seen. $1 what was done
failed() {
	load_stop
	check "$1: the application's I/O fails ($(load_figures))" [ "$(load_errors)" -gt 0 ]
	check_equal "$1: nothing is stuck" 0 "$(load_value stuck)"
	check_equal "$1: no miscompare" 0 "$(load_value miscompares)"
	check "$1: it is not kept (slowest $(load_value longest_us) us, less than $2 s)" \
		[ "$(load_value longest_us)" -lt $(($2 * 1000000)) ]
}

mapfile -t ctrls < <(controllers)
path=$(path_of "${ctrls[0]}" 1) head=$(head_disk 1)
note "all controllers go at once, $path of ${ctrls[0]} is held"
load_start
echo hold >"/sys/block/$path/admin_state"
check "it is drained" wait_for 10 grep -qx drained "/sys/block/$path/drain_state"
for c in "${ctrls[@]}"; do delete "$c" & done
check "all are gone" wait_for 30 controller_count 0
check "so is the head" wait_for 30 [ ! -e "/sys/block/$head" ]
failed "all deleted" 10
scenario_begin || not_ok "they come back"

over_fabrics && exit
mapfile -t ctrls < <(controllers)
ctrl=${ctrls[0]} path=$(path_of "${ctrls[0]}" 1)
device=$(readlink -f "/sys/class/nvme/$ctrl/device")
port=${device%/*}
note "the other controller is deleted, and then that of the held path, $path, dies"
# A request that is lost is missed after this; the default is 30 s.
echo 3000 >"/sys/block/$path/queue/io_timeout"
load_start
echo hold >"/sys/block/$path/admin_state"
check "it is drained" wait_for 10 grep -qx drained "/sys/block/$path/drain_state"
before=$(requests_of "$path")
pci_remove "${ctrls[1]}" >/dev/null
started_more_than() { [ "$(requests_of "$path")" -gt "$1" ]; }
check "I/O goes to the held path" wait_for 5 started_more_than $((before + 20))
pci_decoding "$port" 0
check "its controller is given up: its reset has failed" wait_for 60 grep -qx dead "/sys/class/nvme/$ctrl/state"
sleep 2
failed "the last one dead" 60
pci_decoding "$port" 1
echo 1 >"$device/remove"
echo 1 >"$port/rescan"
