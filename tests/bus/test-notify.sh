#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A drain is told of its end: not asking is what is tested. The hostname of a
# namespace of its own stands for drain_state, as poll(2) tells when it changes.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

unshare --uts true 2>/dev/null || { echo "no namespace to be had"; exit 77; }
command -v nsenter >/dev/null && command -v hostname >/dev/null ||
	{ echo "no nsenter or hostname"; exit 77; }
says() { nsenter --uts -t "$daemon" hostname "$1"; }
logged() { grep -q "Removal $1: $2" "$T/log"; }
check() { if within 10 "${@:2}"; then ok "$1"; else not_ok "$1"; fi; }
c1=$T/sys/class/nvme/nvme1

printf '#!/bin/sh\nexec unshare --uts "%s" "$@"\n' "$NVMPATHD" >"$T/daemon"
chmod 755 "$T/daemon"
real=$NVMPATHD NVMPATHD=$T/daemon
start_bus
fake_pair "$T/sys"
ln -s /proc/sys/kernel/hostname "$c1/nvme0c1n1/drain_state"
put "$T/sys/class/nvme/nvme0/nvme0c0n1/drain_state" drained
start_kernel
start_daemon
NVMPATHD=$real

says draining
call nvme0c1n1 Drain tst 30000000 x 0 >/dev/null
becomes "a drain waits" 1 State draining
check "it will be told" logged 1 "is told when it drains"
says idle	# another word, and not the end
check "it is told of each change" logged 1 "told of a drain_state"
equal "which need not be the end" draining "$(property 1 State)"
says drained
becomes "at the end it is through" 1 State drained
call nvme0c1n1 Release t 0 >/dev/null
within 10 is nvme0n1 UsablePaths 2
equal "nobody listens any more" 0 "$(find /proc/"$daemon"/fd -lname '*/hostname' | wc -l)"

call nvme0c0n1 Drain tst 30000000 x 0 >/dev/null
becomes "a file that tells nothing is looked at" 2 State drained
check "as before" logged 2 "looks whether it drains"
finish
