#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# fallback.sh SERIES
# A point release comes out that a patch of the series no longer applies to: check
# must name the patch, build must go back to the newest release of TESTED that can
# be had. The release is made up here, in a cache of its own: the files that the
# series may touch, without one that a patch in its middle changes.
# Exit code 77: there is no source to make it from.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/kernel-patch/lib.sh"

series=${1:?usage: fallback.sh SERIES}
made_up=999.1-1		# what is newer than any point release

# $1 what, $2... command
check() {
	local what=$1
	shift
	if "$@" >"$work/check" 2>&1; then
		echo "ok - $what"
	else
		echo "not ok - $what"
		sed 's/^/#   /' "$work/check" "$work/log"
	fi
}

check_equal() { check "$1 ($3)" [ "$2" = "$3" ]; }

# $1 patch: the files that it changes
files_of() { sed -n 's|^--- a/||p' "$1"; }

# The first patch but one that changes a file which none before it knows, and that
# file: "patch file".
choose() {
	local patch file seen=' '
	for patch in $(series_patches "$series"); do
		for file in $(files_of "$patch"); do
			[ "$seen" = ' ' ] || [[ $seen == *" $file "* ]] || {
				echo "$patch $file"
				return
			}
		done
		seen+="$(files_of "$patch" | tr '\n' ' ')"
	done
	return 1
}

# $1 tree of the newest release, $2 file to leave out, $3 folder in which the made
# up release is to be
make_release() {
	local deb=$work/deb
	mkdir -p "$deb/DEBIAN" "$deb/usr/src" "$3"
	tar -C "$1" -c --transform 's|^|linux/|' --exclude="$2" --exclude='*.o' --exclude='.*.cmd' \
		scripts "${tracked[@]}" Makefile | xz -0 >"$deb/usr/src/linux-source-$series.tar.xz"
	printf '%s\n' 'Package: linux-source' "Version: $made_up" 'Architecture: all' \
		'Maintainer: nobody <nobody@localhost>' 'Description: made up' >"$deb/DEBIAN/control"
	dpkg-deb -b -Znone "$deb" "$3/linux-source.deb" >/dev/null
	echo "$series.$made_up" >"$3/release"
	sha256sum <"$3/linux-source.deb" | cut -d' ' -f1 >"$3/sha256"
}

main() {
	local src tree real broken file code built private
	src=$("$patch_dir/fetch" "$series") || exit $?
	real=$("$patch_dir/build" "$series" --patched) || exit $?
	work=$(mktemp -d "${TMPDIR:-/tmp}/nvmpath-fallback-XXXXXX")
	trap 'rm -rf "$work"' EXIT
	: >"$work/log"
	tested_releases "$series" | grep -qxF "$(cat "$real/debian-release")" || {
		echo "ok - falling back: TESTED does not list $(cat "$real/debian-release") yet # SKIP"
		return
	}
	tree=$work/clone
	git clone -q --shared --branch base "$(tree_of "$src" '')" "$tree" 2>/dev/null
	cp -r "$(tree_of "$src" '')/scripts" "$(tree_of "$src" '')/Makefile" "$tree"
	read -r broken file < <(choose)

	private=$work/cache
	mkdir -p "$private/source" "$private/kernel"
	ln -s "$cache/apt" "$cache/fetch.lock" "$private"
	ln -s "$cache"/source/"$series"-* "$private/source"
	ln -s "$real" "$private/kernel"
	make_release "$tree" "$file" "$private/source/$series-madeup"
	export NVMPATH_CACHE=$private

	check_equal "the made up release is the newest" "$series.$made_up" \
		"$("$patch_dir/fetch" "$series" --list | head -n1)"
	code=0
	"$patch_dir/check" "$series" >"$work/log" 2>&1 || code=$?
	check_equal "check fails where a patch does not apply" 1 $code
	check "it names the patch (${broken##*/})" \
		grep -q "^not ok - .*$series.$made_up: git am ${broken##*/}" "$work/log"
	code=0
	built=$("$patch_dir/build" "$series" --patched 2>"$work/log") || code=$?
	check_equal "build goes on" 0 $code
	check "it says what the series does not apply to" \
		grep -q "does not apply to $series.$made_up" "$work/log"
	check_equal "it takes the newest release of TESTED that can be had" \
		"$(cat "$real/debian-release")" "$(cat "$built/debian-release")"
	code=0
	"$patch_dir/build" "$series" --patched --release="$series.0-0" >"$work/log" 2>&1 || code=$?
	check_equal "a release that cannot be had is skipped, not passed" 77 $code
	code=0
	"$patch_dir/check" 2.4 >"$work/log" 2>&1 || code=$?
	check_equal "so is a series whose source is gone" 77 $code
}

main
