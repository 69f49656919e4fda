#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12 6.12-patched 7.3 7.3-patched
# machine: pci
# long
# Ten abrupt detaches under load and the default policy, numa, which goes on using a
# path that is being torn down. What the device answers after the detach is its own
# on every kernel (do not retry, EOPNOTSUPP here): only a hold before it helps.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
set_policy numa
load_start --engine=sync --threads=8
for i in 0 1 0 1 0 1 0 1 0 1; do
	abrupt_detach "${ctrls[i]}" 1
	wait_for 30 path_gone "${ctrls[i]}" 1 || not_ok "the path goes"
	attach "${ctrls[i]}" 1
	wait_for 30 path_back "${ctrls[i]}" 1 || not_ok "the path comes back"
	sleep 0.5
done
load_stop
device=$(python3 -c 'import json; print(json.load(open("/tmp/load.json"))["errors"].get("EOPNOTSUPP", 0))')
check_equal "no miscompare" 0 "$(load_value miscompares)"
check "the load did something" [ "$(load_value ios)" -gt 100 ]
reproduced "ten abrupt detaches, numa" "$(load_errors)" "$device" "$(load_figures)"
