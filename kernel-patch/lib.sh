# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the kernel scripts share; sourced, never run.

patch_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${NVMPATH_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/nvmpath}

# Exit code for "cannot be had here", as automake and meson have it.
EXIT_SKIP=77

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

# Content hash of all of standard input, short enough for a folder's name.
hash16() { sha256sum | cut -c1-16; }

. "$patch_dir/../lab/progress.sh"
. "$patch_dir/spare.sh"

# $1 series: its patches in order, or the first $patch_count of them; nothing if it has
# none.
series_patches() {
	find "$patch_dir/$1" -maxdepth 1 -name '*.patch' 2>/dev/null | sort |
		sed "${patch_count:-\$}q"
}

# $1 series: the releases that it was tried on, newest first.
tested_releases() {
	awk -v s="$1" '$1 == s { print $2 }' "$patch_dir/TESTED" | sort -rV
}

# $1 tree, $2...: make with what makes builds repeatable.
kmake() {
	local tree=$1
	shift
	make -C "$tree" --no-print-directory LOCALVERSION= \
		KBUILD_BUILD_USER=nvmpath KBUILD_BUILD_HOST=lab \
		KBUILD_BUILD_TIMESTAMP='2026-01-01' "$@"
}

# $1 tree, $2...: names of fragments; writes .config and checks that Kconfig
# took every line of them.
configure() {
	local tree=$1 all=$1/.nvmpath.config f
	shift
	: >"$all"
	for f in "$@"; do
		[ -f "$patch_dir/config/$f.config" ] || die "no config fragment $f"
		cat "$patch_dir/config/$f.config" >>"$all"
	done
	# What a later fragment says of a symbol counts.
	tac "$all" | awk -F= '!/^CONFIG_/ || !seen[$1]++' | tac >"$all.last"
	mv "$all.last" "$all"
	# .config is only touched when it changes: make looks at its time.
	cp -p "$tree/.config" "$all.old" 2>/dev/null || :
	kmake "$tree" -s KCONFIG_ALLCONFIG="$all" allnoconfig >&2
	cmp -s "$tree/.config" "$all.old" && cp -p "$all.old" "$tree/.config"
	config_has "$tree" "$all"
}

# $1 tree, $2 fragment: has Kconfig taken every line of it?
config_has() {
	local line
	while read -r line; do
		case $line in
		CONFIG_*=n) grep -q "^${line%=n}=" "$1/.config" || continue ;;
		CONFIG_*) grep -qxF "$line" "$1/.config" && continue ;;
		*) continue ;;
		esac
		die "Kconfig did not take $line"
	done <"$2"
}

# How many files a build from nothing makes, about; for the line of progress.
files_of_build=2000

# $1 tree, $2 folder for the result, $3 what to call it: builds, and says how far
# it is. How many files a tree that was built before will make nobody knows.
compile() {
	local tree=$1 out=$2 what=$3 log=$1/.nvmpath.log total=0

	[ -f "$tree/vmlinux" ] || total=$files_of_build
	if ! kmake "$tree" -j"$(nproc)" bzImage 2>&1 | tee "$log" |
	     progress_lines "$what" $total '^  (CC|AS|AR|LD) ' files; then
		tail -n 40 "$log" >&2
		die "the kernel does not build in $tree"
	fi
	mkdir -p "$out"
	cp "$tree/arch/x86/boot/bzImage" "$out/bzImage"
	cp "$tree/.config" "$out/config"
	kmake "$tree" -s kernelrelease >"$out/release"
}

# What a patch may touch; tracked so that git can go back and forth between
# stock and patched with only the files that differ.
tracked=(block include drivers/nvme drivers/block Documentation/ABI
	 Documentation/admin-guide MAINTAINERS)

files_of_source=78000	# about, without those that are left out

# What takes room and no lab's kernel is built from.
unbuilt=(--exclude='*/tools/testing' --exclude='*/drivers/gpu/*.[ch]'
	 --exclude='*/sound/*.[ch]' --exclude='*/translations')

# $1 folder from fetch, $2 tree to make, $3 "whole" for one without what is left out
unpack() {
	local tmp=$2.tmp without=("${unbuilt[@]}")
	[ "${3:-}" != whole ] || without=()
	say "unpacking $(cat "$1/release")"
	rm -rf "$tmp" "$2"
	mkdir -p "$tmp"
	dpkg-deb --fsys-tarfile "$1/linux-source.deb" |
		tar -xO --wildcards './usr/src/linux-source-*.tar.*' |
		tar -xvJ --strip-components=1 -C "$tmp" "${without[@]}" |
		progress_lines "unpacking" $files_of_source . files ||
		die "$1 does not unpack"
	git -C "$tmp" init -q
	tgit "$tmp" add -f "${tracked[@]}" &&
		tgit "$tmp" commit -q -m 'Debian source' &&
		tgit "$tmp" tag base || die "git does not take the source"
	mv "$tmp" "$2"
}

tgit() {
	local tree=$1
	shift
	git -C "$tree" -c user.name=nvmpath -c user.email=nvmpath@localhost \
		-c core.autocrlf=false -c commit.gpgsign=false "$@"
}

# $1 folder from fetch, $2 name of a config fragment or nothing, $3 as for unpack: the
# tree that is built in, unpacked when it is not there yet.
tree_of() {
	local tree=$cache/tree/${1##*/}${2:+-$2}
	mkdir -p "${tree%/*}"
	(
		flock 8
		[ -d "$tree" ] || unpack "$1" "$tree" "${3:-}"
	) 8>"$tree.lock" || exit 1
	echo "$tree"
}

# $1 tree, $2... patches: prints the commit that has them all on top of base, made
# without touching a file of the tree. Fails if one does not apply.
series_commit() {
	local tree=$1 index
	shift
	if [ $# = 0 ]; then
		echo base
		return
	fi
	index=$tree/.nvmpath.index
	GIT_INDEX_FILE=$index tgit "$tree" read-tree base &&
		GIT_INDEX_FILE=$index tgit "$tree" apply --cached --whitespace=nowarn "$@" >&2 &&
		tgit "$tree" commit-tree -p base -m "the series" \
			"$(GIT_INDEX_FILE=$index tgit "$tree" write-tree)"
}

# $1 tree, $2 series, $3 stock or patched: from whatever the tree is now. Files
# that are the same in both are not touched, so that make has little to do.
set_patches() {
	local tree=$1 stamp=$1/.nvmpath.applied patches id commit
	mapfile -t patches < <([ "$3" = stock ] || series_patches "$2")
	id=$(cat "${patches[@]}" </dev/null | hash16)
	[ "$(cat "$stamp" 2>/dev/null)" != "$id" ] || return 0
	commit=$(series_commit "$tree" "${patches[@]}") || return 1
	rm -f "$stamp"
	switch_to "$tree" "$commit"
	echo "$id" >"$stamp"
}
