# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What need not be compiled again when a tree goes from one set of patches to another;
# sourced by lib.sh.
#
# make compiles whatever includes a header that has a newer time. blk_types.h is in half
# of the kernel, by way of fs.h, and all that the series does to it is to put a flag
# before the last name of an enum. What names neither that flag nor the last one comes
# out byte by byte as it was. So such a header keeps its time, and the files that name
# them get a new one. tests/kernel-patch/rebuild.sh compares with a build from nothing.

# $1 tree, $2 commit, $3 header: the names in question, if all that tells HEAD from the
# commit there are enumerators (without values) right before one that ends in _LAST.
last_enumerators() {
	tgit "$1" diff -U1 HEAD "$2" -- "$3" | awk '
		function tell() { match($0, /[A-Z][A-Z0-9_]*/); print substr($0, RSTART, RLENGTH) }
		/^@@/ { bad = bad || pending; seen = 1; next }
		!seen { next }
		/^[-+]/ {
			if ($0 !~ /^.\t[A-Z][A-Z0-9_]*,([ \t]*\/\*[^*]*\*\/)?$/)
				bad = 1
			pending = 1
			tell()
			next
		}
		pending {
			if ($0 !~ /^ \t[A-Z][A-Z0-9_]*_LAST,?$/)
				bad = 1
			pending = 0
			tell()
		}
		END { exit bad || pending || !seen }'
}

# $1 tree: the files that its objects were compiled from
compiled_from() {
	find "$1" -name '.*.o.cmd' -not -path "$1/tools/*" -print0 |
		xargs -0r sed -nE 's/^(source_\S+ :=|  ?) ?([^/$ ][^$ ]*\.[chS])( \\)?$/\2/p' | sort -u
}

# $1 tree, $2 header, $3 its time, $4... names: to be called when the header has changed.
keep_time() {
	local tree=$1 header=$2 time=$3 names=()
	shift 3
	mapfile -t names < <(printf -- '-e\n%s\n' "$@")
	(cd "$tree" && compiled_from . | sed 's|^\./||' | grep -vxF "$header" |
		xargs -r grep -slwF "${names[@]}" -- | xargs -r touch)
	touch -d "$time" "$tree/$header"
}

# $1 tree, $2 commit: checks it out. Files that are the same in both are not touched.
switch_to() {
	local tree=$1 commit=$2 header names
	local -A time_of=() names_of=()
	while read -r header; do
		names=$(last_enumerators "$tree" "$commit" "$header") || continue
		time_of[$header]=$(stat -c %y "$tree/$header")
		names_of[$header]=$names
	done < <(tgit "$tree" diff --name-only HEAD "$commit" -- 'include/*.h')
	tgit "$tree" checkout -q -f --detach "$commit"
	for header in "${!time_of[@]}"; do
		# shellcheck disable=SC2086
		keep_time "$tree" "$header" "${time_of[$header]}" ${names_of[$header]}
	done
	# Or the next checkout writes what has another time only, and gives it a new one.
	tgit "$tree" update-index -q --refresh || :
}
