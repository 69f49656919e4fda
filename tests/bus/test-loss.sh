#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What decides the cost of a loss: shown, set and kept, and reckoned with.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

off=9223372036854775807
c0=$T/sys/class/nvme/nvme0 c1=$T/sys/class/nvme/nvme1
subsystem=$T/sys/class/nvme-subsystem/nvme-subsys0
conf=$T/root/etc/nvmpath/nvmpathd.conf
reads() { [ "$(cat "$1")" = "$2" ]; }
turns() # WHAT FILE TEXT
{
	if within 10 reads "$2" "$3"; then ok "$1"; else not_ok "$1: $2 is $(cat "$2")"; fi
}
reload() { bc call $NAME $ROOT $NAME.Manager Reload >/dev/null; }
warnings() # TARGET: of its plan
{
	bc --json=short call $NAME $ROOT $NAME.Manager Plan st "$1" 0 | python3 -c '
import json, sys
print(*json.load(sys.stdin)["data"][0]["Warnings"]["data"], sep="; ")'
}
warns() # WHAT TARGET TEXT
{
	local w

	w=$(warnings "$2")
	case $w in
	*"$3"*) ok "$1" ;;
	*) not_ok "$1: $w" ;;
	esac
}

fake_pair "$T/sys"
for c in "$c0" "$c1"; do
	put "$c/ctrl_loss_tmo" 600
	put "$c/reconnect_delay" 10
	put "$c/fast_io_fail_tmo" off
done
put "$subsystem/nvme0n1/delayed_removal_secs" 0
fake_controller "$T/sys" nvme-subsys0 nvme2 pcie 0000:01:00.0
daemon_options=(--config-root="$T/root")
start_bus
start_daemon

equal "the settings are shown" "600 10 $off" \
	"$(property nvme0 CtrlLossTmoSec) $(property nvme0 ReconnectDelaySec) $(property nvme0 FastIoFailTmoSec)"
equal "those that are not there are unknown" "-1 -1" \
	"$(property nvme2 CtrlLossTmoSec) $(property nvme0n2 DelayedRemovalSec)"
equal "a namespace has its own" 0 "$(property nvme0n1 DelayedRemovalSec)"
equal "ten minutes are enough" \
	"nvme0n1 would have a single usable path; nvme0n2 would have a single usable path" \
	"$(warnings nvme1)"
put "$c0/fast_io_fail_tmo" 5
warns "five seconds are not" nvme1 "nvme0n1 would have a single usable path: without nvme0 I/O would fail after 5 s; nvme0n2"
put "$subsystem/nvme0n1/delayed_removal_secs" 90
case $(warnings nvme1) in
*"nvme0n1"*"would fail"*"nvme0n2"*) not_ok "a removal that is delayed: $(warnings nvme1)" ;;
*) ok "unless I/O is queued for longer" ;;
esac
rm "$c0/fast_io_fail_tmo"
case $(warnings nvme1) in
*"would fail"*) not_ok "a warning without knowing: $(warnings nvme1)" ;;
*) ok "what is not known is no reason to warn" ;;
esac
put "$c0/fast_io_fail_tmo" 5

put "$conf" "[Subsystem nqn.2026-01.test:*]
IOPolicy=round-robin
ReconnectDelay=7
CtrlLossTmo=off
FastIoFailTmo=1min
[Subsystem *]
DelayedRemoval=2min
[Subsystem nqn.other]
CtrlLossTmo=1"
reload
turns "off is written as the kernel takes it" "$c0/ctrl_loss_tmo" -1
put "$c0/ctrl_loss_tmo" off	# which shows it so
turns "seconds are written" "$c0/fast_io_fail_tmo" 60
turns "to all its controllers" "$c1/reconnect_delay" 7
turns "a policy is" "$subsystem/iopolicy" round-robin
becomes "and is seen" nvme-subsys0 IOPolicy round-robin
turns "a namespace gets what the shorter pattern says" "$subsystem/nvme0n1/delayed_removal_secs" 120
equal "what is not there is not made" "" \
	"$(find "$T/sys" -path '*nvme0n2/delayed_removal_secs' -o -path '*nvme2/ctrl_loss_tmo')"

put "$c1/fast_io_fail_tmo" 3
turns "what somebody changes is set again" "$c1/fast_io_fail_tmo" 60
mkdir "$T/other" && mv "$c1" "$T/other/nvme1"
within 5 is nvme0n1 UsablePaths 1
put "$T/other/nvme1/reconnect_delay" 10
cp -r "$T/other/nvme1" "$T/sys/class/nvme/nvme1"	# another one by that name
turns "a controller that comes is set, too" "$c1/reconnect_delay" 7

put "$conf" "[Subsystem *]
CtrlLossTmo=soon"
case $(bc call $NAME $ROOT $NAME.Manager Reload 2>&1) in
*"nvmpathd.conf:2"*"takes whole seconds"*) ok "a bad value is named" ;;
*) not_ok "a bad value is taken" ;;
esac
rm "$conf"
reload
put "$c0/fast_io_fail_tmo" 3
sleep 0.2
equal "without a word of it all is left alone" 3 "$(cat "$c0/fast_io_fail_tmo")"
finish
