#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The interface descriptions that are installed are what the daemon offers.
# With UPDATE=FOLDER: writes them there instead.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

xml=${UPDATE:-$here/../../units/interfaces}
python3 -c 'import xml.etree.ElementTree' || exit 77

# $1 object: its introspection, one file an interface of ours, in $T/found
describe()
{
	bc --xml-interface introspect $NAME "$(object "$1")" "$(interface "$1")" 2>/dev/null |
		python3 "$here/split-interfaces.py" "$T/found"
}

mkdir -p "$T/found"
start_bus
fake_pair "$T/sys"
start_kernel
start_daemon
call nvme0 Drain tst 0 x 0 >/dev/null
becomes "a removal is there to be looked at" 1 State drained
bc --xml-interface introspect $NAME $ROOT 2>/dev/null |
	python3 "$here/split-interfaces.py" "$T/found"
for o in nvme-subsys0 nvme0 nvme0n1 nvme0c0n1 1; do
	describe $o
done
equal "each interface was found" 6 "$(find "$T/found" -name '*.xml' | wc -l)"
if [ -n "${UPDATE:-}" ]; then
	mkdir -p "$xml"
	cp "$T"/found/*.xml "$xml"/
fi
for f in "$T"/found/*.xml; do
	if out=$(diff "$xml/${f##*/}" "$f" 2>&1); then
		ok "${f##*/} is what it says"
	else
		not_ok "${f##*/}: $out (UPDATE=units/interfaces $0 writes them anew)"
	fi
done
finish
