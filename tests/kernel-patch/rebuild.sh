#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# rebuild.sh SERIES
# A kernel that was built in the tree of another one, where make was spared what the
# series cannot have altered (kernel-patch/spare.sh), is byte by byte the one that is
# built from nothing: the patched one after the stock one, and the other way round.
# Two whole builds, in caches of its own. Exit code 77: the source cannot be had.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/kernel-patch/lib.sh"

series=${1:?usage: rebuild.sh SERIES}
# Else the image says how often its tree was built in.
export KBUILD_BUILD_VERSION=1

# $1 name: a cache that has the real one's sources alone; prints its folder
make_cache() {
	mkdir -p "$work/$1"
	ln -s "$cache/apt" "$cache/fetch.lock" "$cache/source" "$work/$1"
	echo "$work/$1"
}

# $1 cache, $2 stock or patched: prints the kernel's hash
build_in_cache() {
	local out
	out=$(NVMPATH_CACHE=$1 "$patch_dir/build" "$series" "--$2") || exit 1
	sha256sum <"$out/bzImage"
	rm -rf "$out"
}

# $1 what, $2 cache, $3 stock or patched, $4 the hash that it must have
check_same() {
	local hash start=$SECONDS
	hash=$(build_in_cache "$2" "$3")
	echo "# $1: $(minutes $((SECONDS - start)))"
	if [ "$hash" = "$4" ]; then echo "ok - $1"; else echo "not ok - $1: ${hash%% *}, not ${4%% *}"; fi
}

main() {
	local one other stock patched
	"$patch_dir/fetch" "$series" >/dev/null || exit $?
	work=$(mktemp -d "${TMPDIR:-/tmp}/nvmpath-rebuild-XXXXXX")
	trap 'rm -rf "$work"' EXIT
	one=$(make_cache one) other=$(make_cache other)
	patched=$(build_in_cache "$other" patched)
	stock=$(build_in_cache "$one" stock)
	check_same "$series: the patched kernel after the stock one is the same" "$one" patched "$patched"
	check_same "$series: the stock kernel after the patched one is the same" "$one" stock "$stock"
	check_same "$series: and back once more" "$one" patched "$patched"
}

main
