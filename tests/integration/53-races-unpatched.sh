#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-kcsan 7.3-kcsan
# machine: pci fabrics
# What data races the kernel has without the series: abrupt detaches, rescans and resets, or
# ANA flips, for LAB_SOAK seconds under KCSAN. None is held against anybody; those that are in
# the NVMe host driver belong in races.known. KCSAN looks at more accesses than it does by
# itself, and for longer: what is missed here would be held against the series.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)

disturb_pci() {
	local c
	for c in "${ctrls[@]}"; do
		abrupt_detach "$c" 1 && wait_for 60 path_gone "$c" 1 && attach "$c" 1 &&
			wait_for 60 path_back "$c" 1 || return 1
		sleep 5
		echo 1 >"/sys/class/nvme/$c/reset_controller"
		wait_for 60 controllers_live || return 1
	done
}

disturb_fabrics() {
	local port
	for port in 1 2 3 4; do
		fabrics_ana $port 1 inaccessible && sleep 1 && fabrics_ana $port 1 optimized || return 1
		sleep 1
	done
}

# Those who watch disks count what is in flight, by a walk over the requests.
watch_inflight() {
	local file
	until [ -e /tmp/races.end ]; do
		for file in /sys/block/nvme*c*n*/inflight; do
			read -r _ <"$file"
		done 2>/dev/null
	done
}

echo 1000 >/sys/module/kcsan/parameters/skip_watch
echo 300 >/sys/module/kcsan/parameters/udelay_task
check_equal "KCSAN looks closely" "1000 300" \
	"$(cd /sys/module/kcsan/parameters && echo "$(cat skip_watch) $(cat udelay_task)")"
load_start --threads=2
rm -f /tmp/races.end
watch_inflight &
watcher=$!
end=$((SECONDS + LAB_SOAK)) n=0
while [ $SECONDS -lt $end ] && "disturb_$LAB_MACHINE"; do
	n=$((n + 1))
done
touch /tmp/races.end
wait $watcher
load_stop
check "it was disturbed $n times, until the end" [ $SECONDS -ge $end ]
check_equal "no miscompare" 0 "$(load_value miscompares)"
