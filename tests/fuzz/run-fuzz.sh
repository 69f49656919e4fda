#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# run-fuzz.sh PROGRAM CORPUS: the corpus, then NVMPATH_FUZZ_SECS (3) seconds more.
set -eu
T=$(mktemp -d /tmp/nvmpath-fuzz-XXXXXX)
trap 'rm -rf "$T"' EXIT
exec_in() { cd "$T" && "$@"; }
exec_in "$(realpath "$1")" -max_total_time="${NVMPATH_FUZZ_SECS:-3}" -max_len=4096 \
	-timeout=5 -rss_limit_mb=1024 "$T" "$2" 2>"$T.log" ||
	{ tail -n 40 "$T.log"; rm -f "$T.log"; exit 1; }
grep -E '^Done|stat::number' "$T.log" || :
rm -f "$T.log"
