#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What nvmpathctl tree takes, with the objects as a file and as messages, and
# nvme list-subsys -v on the same tree of plain files, mounted over /sys in a
# mount namespace of its own. Prints the best of some rounds of each, in turns.
#
#	NVMPATHD=... NVMPATHCTL=... tests/bus/bench-tree.sh [NAMESPACES [ROUNDS]]
#
# On a machine's own controllers, as root: bench-tree.sh --here [ROUNDS]
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

NVMPATHCTL=${NVMPATHCTL:-nvmpathctl}
python=/usr/bin/python3

table() # reads NAME SECONDS
{
	awk '{ name[NR] = $1; took[NR] = $2 }
	END {
		for (i = 1; i <= NR; i++)
			printf "%-24s %8.1f ms  %5.1f times tree\n", name[i], took[i] * 1000,
			       took[i] / took[1]
	}'
}

if [ "${1:-}" = --here ]; then
	echo "$("$NVMPATHCTL" list --no-legend | wc -l) paths"
	$python "$here/best-of.py" "${2:-5}" "tree=$NVMPATHCTL tree" \
		"tree-json=$NVMPATHCTL tree --json=short" \
		"nvme-list-subsys-v=nvme list-subsys -v" | table
	exit
fi

$python "$here/large-sysfs.py" "$T/sys" "${1:-512}"
daemon_options=(--poll-interval=3600000 --log-level=warning)
start_bus
start_daemon
export DBUS_SYSTEM_BUS_ADDRESS=$ADDRESS PATH=$here/../cli/bin:$PATH
commands=("tree=$NVMPATHCTL tree" "tree-by-messages=$NVMPATHCTL -H here tree"
	"tree-json=$NVMPATHCTL tree --json=short")
if command -v nvme >/dev/null && unshare -m mount --rbind "$T/sys" /sys 2>/dev/null; then
	# entered beforehand: what is measured is nvme alone
	# shellcheck disable=SC2016
	unshare -m sh -c 'mount --rbind "$1" /sys && : >"$1.ready" && exec sleep 600' - "$T/sys" &
	kernel=$!
	within 5 test -e "$T/sys.ready" &&
		commands+=("nvme-list-subsys-v=nsenter -m -t $kernel nvme list-subsys -v")
fi
echo "$((8 * ${1:-512})) paths"
$python "$here/best-of.py" "${2:-5}" "${commands[@]}" | table
awk '/^RssAnon/ { print "nvmpathd: " $2 " kB of anonymous memory" }' "/proc/$daemon/status"
