#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# All of the daemon is in memory and stays there: nothing has to be read from a
# disk between a hold and its release.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

sanitized && { echo "sanitizers lock no memory"; exit 77; }
capabilities=$(awk '/^CapEff/ { print $2 }' /proc/self/status)
(((0x$capabilities >> 14 & 1) == 1)) || ulimit -l unlimited 2>/dev/null ||
	{ echo "memory may not be locked here"; exit 77; }

# Of all mappings of files: kB mapped, kB that are in memory and locked there.
mapped() { awk '
	/^[0-9a-f]+-[0-9a-f]+ / { file = $6 ~ "^/" && $2 ~ "^r"; rss = 0 }
	file && /^Size:/ { size += $2 }
	file && /^Rss:/ { rss = $2 }
	file && /^VmFlags:.* lo( |$)/ { locked += rss }
	END { print size + 0, locked + 0 }' "/proc/$daemon/smaps"; }
faults() { sed 's/.*) //' "/proc/$daemon/stat" | cut -d ' ' -f 10; }

start_bus
fake_pair "$T/sys"
start_kernel
start_daemon
read -r size locked < <(mapped)
[ "$size" -gt 1000 ] && ok "the daemon maps $size kB of files" || not_ok "it maps $size kB"
equal "all of them are locked in memory" "$size" "$locked"
before=$(faults)
call nvme0c1n1 Drain tst 0 x 0 >/dev/null
becomes "a drain" 1 State drained
call nvme0c1n1 Release t 0 >/dev/null
within 5 is nvme0c1n1 Usable true
equal "nothing was paged in for it" "$before" "$(faults)"
echo "# anonymous memory: $(awk '/^RssAnon/ { print $2 }' "/proc/$daemon/status") kB"
finish
