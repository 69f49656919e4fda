#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The load over a plain file: it must find nothing wrong with a good one, and
# what is wrong with one that is changed under it.
set -eu
load=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
truncate -s 8M "$dir/disk"

json() { python3 -c "import json,sys; d=json.loads(sys.argv[1]); sys.exit(not ($2))" "$1"; }
fail() { echo "not ok - $1: $2"; exit 1; }

for engine in uring sync; do
	out=$("$load" --file="$dir/disk" --buffered --engine=$engine --seconds=1 --fill \
	      --verify --json) || { echo "no io_uring here"; exit 77; }
	json "$out" 'd["ios"] > 2048 and d["failed"] == 0 and d["miscompares"] == 0 and
		     d["errors"] == {} and d["stuck"] == 0 and d["unverified_reads"] == 0 and
		     d["verify"]["blocks"] == d["verify"]["known_blocks"] == 2048' ||
		fail "good file, $engine" "$out"
	echo "ok - good file, $engine"
done

# Zeroes over the whole area while it runs
out=$( (sleep 1; dd if=/dev/zero of="$dir/disk" bs=1M count=8 conv=notrunc 2>/dev/null) &
      "$load" --file="$dir/disk" --buffered --seconds=2 --rwmix=0 --fill --verify --json)
json "$out" 'd["miscompares"] > 0 and d["first_miscompares"][0]["what"] == "foreign"' ||
	fail "zeroed file" "$out"
echo "ok - zeroed file"

# Reads behind the end of a file that shrinks are short; the load goes on
out=$( (sleep 1; truncate -s 4M "$dir/disk") &
      "$load" --file="$dir/disk" --buffered --seconds=2 --rwmix=0 --fill --json)
json "$out" 'd["errors"]["SHORT"] > 0 and d["failed"] == d["errors"]["SHORT"]' ||
	fail "shrunk file" "$out"
echo "ok - shrunk file"

# --until and SIGTERM end it
truncate -s 8M "$dir/disk"
(sleep 1; : >"$dir/stop") &
"$load" --file="$dir/disk" --buffered --until="$dir/stop" --json >/dev/null
timeout --preserve-status -s TERM 1 "$load" --file="$dir/disk" --buffered --json >/dev/null
echo "ok - ends by --until and by SIGTERM"

if "$load" --file="$dir/disk" --bs=3000 2>/dev/null; then
	fail "--bs=3000" "accepted"
fi
echo "ok - bad options are refused"
