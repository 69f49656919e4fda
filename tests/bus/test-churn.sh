#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A target makes and deletes namespaces, ever new ones: what the daemon remembers of those
# that are gone does not grow without end.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

sanitized && { echo "sanitizers keep what is freed"; exit 77; }
c1=$T/sys/class/nvme/nvme1
rss() { awk '/^RssAnon/ { print $2 }' "/proc/$daemon/status"; }
look() { bc call $NAME $ROOT $NAME.Manager Reload >/dev/null; }
paths() # FIRST LAST
{
	/usr/bin/python3 - "$c1" "$@" <<-'END'
	import shutil, sys
	first, last = map(int, sys.argv[2:])
	for n in range(first, last + 1):
	    shutil.copytree(f"{sys.argv[1]}/nvme0c1n1", f"{sys.argv[1]}/nvme0c1n{n}")
	    with open(f"{sys.argv[1]}/nvme0c1n{n}/nsid", "w") as f:
	        f.write(f"{n}\n")
	END
}
round() # NUMBER: 250 paths come and go
{
	paths $((1000 + $1 * 250)) $((1249 + $1 * 250))
	look
	rm -r "$c1"/nvme0c1n????*
	look
}

daemon_options=(--log-level=warning)
start_bus
fake_pair "$T/sys"
start_daemon
paths 1000 1001
look
within 5 is nvme0c1n1001 Usable true && ok "new paths are seen" || not_ok "new paths are not seen"
rm -r "$c1"/nvme0c1n????
for i in $(seq 8); do round "$i"; done
before=$(rss)
for i in $(seq 9 24); do round "$i"; done
after=$(rss)
if [ $((after - before)) -lt 500 ]; then
	ok "4,000 more do not grow it: from $before to $after kB"
else
	not_ok "4,000 more grow it from $before to $after kB"
fi
finish
