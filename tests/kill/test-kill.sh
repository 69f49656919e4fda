#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test-kill.sh SCRIPT KILLER CELLS: see there.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/../bus/lib.sh"

python=/usr/bin/python3
[ -x $python ] || { echo "no Python"; exit 77; }
start_bus	# for its configuration
start_helper
fake_pair "$T/sys"
for c in 0 1; do
	put "$T/sys/class/nvme/nvme$c/transport" pcie
	put "$T/sys/class/nvme/nvme$c/address" "0000:0$c:00.0"
	for n in 1 2; do	# no time to count requests
		put "$T/sys/class/nvme/nvme$c/nvme0c${c}n$n/drain_state" drained
	done
done
put "$T/sys/bus/pci/rescan" ""
$python -B "$1" "$NVMPATHD" "$2" "$3" "$T" || bad=1
exit $bad
