#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test-spare.sh: which headers keep their time when a tree goes to another commit, and what
# is compiled again instead (kernel-patch/spare.sh), in a small tree.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/kernel-patch/lib.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/nvmpath-spare-XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/tree failed=0

check_equal() {
	if [ "$2" = "$3" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1: '$2', not '$3'"
		failed=1
	fi
}

# The header of this tree, with $1 in place of what is between the flags
header() { printf 'enum {\n\tFLAG_A,\n%s\tFLAG_LAST\n};\nint flags(void);\n' "$1"; }

make_tree() {
	mkdir -p "$tree/include" "$tree/fs"
	header '' >"$tree/include/flags.h"
	printf '#include "flags.h"\n#define MASK FLAG_LAST\n' >"$tree/include/mask.h"
	printf '#include "flags.h"\nint a = FLAG_A;\n' >"$tree/fs/a.c"
	printf '#include "flags.h"\nint b = FLAG_LAST;\n' >"$tree/fs/b.c"
	printf '#include "mask.h"\nint c = MASK;\n' >"$tree/fs/c.c"
	printf 'source_fs/%s.o := fs/%s.c\n' a a >"$tree/fs/.a.o.cmd"
	printf 'source_fs/%s.o := fs/%s.c\n' b b >"$tree/fs/.b.o.cmd"
	printf 'source_fs/c.o := fs/c.c\n\ndeps_fs/c.o := \\\n  include/mask.h \\\n' >"$tree/fs/.c.o.cmd"
	git -C "$tree" init -q
	tgit "$tree" add include fs/*.c
	tgit "$tree" commit -q -m base
	tgit "$tree" tag base
}

# Prints the commit that has text $2 in file $1, on top of $3 or base.
commit_with() {
	tgit "$tree" checkout -q -f --detach "${3:-base}"
	printf '%s\n' "$2" >"$tree/$1"
	tgit "$tree" commit -q -a -m changed
	git -C "$tree" rev-parse HEAD
	tgit "$tree" checkout -q -f --detach base
}

# Goes to commit $1: the files that are newer than they were.
newer_after() {
	sleep 0.02
	touch "$work/then"
	sleep 0.02
	switch_to "$tree" "$1"
	(cd "$tree" && find . -name '*.[ch]' -newer "$work/then") | sort | xargs
}

# $1 what, $2 the header, $3 the files that must be newer, there and back
check_change() {
	local commit
	commit=$(commit_with include/flags.h "$2")
	check_equal "$1" "$(newer_after "$commit")" "$3"
	check_equal "$1, and back" "$(newer_after base)" "$3"
}

make_tree
check_change "a flag before the last one: what names that is compiled again" \
	"$(header $'\tFLAG_B,\t/* new */\n')" "./fs/b.c ./include/mask.h"
check_change "two flags" "$(header $'\tFLAG_B,\n\tFLAG_C,\n')" "./fs/b.c ./include/mask.h"
flags=$(commit_with include/flags.h "$(header $'\tFLAG_B,\n')")
more=$(commit_with fs/a.c 'int a;' "$flags")
# git compares whole seconds.
touch -d '1 hour ago' "$tree/include/flags.h"
switch_to "$tree" "$flags"
check_equal "a header that kept its time is not written by the next checkout" \
	"$(newer_after "$more")" ./fs/a.c
switch_to "$tree" base
check_change "a flag that is not before the last one: whatever includes it" \
	"$(header '' | sed 's/\tFLAG_A/\tFLAG_B,\n&/')" "./include/flags.h"
check_change "a flag with a value: whatever includes it" \
	"$(header $'\tFLAG_B = 7,\n')" "./include/flags.h"
check_change "a flag, and something else: whatever includes it" \
	"$(header $'\tFLAG_B,\n' | sed 's/int flags/long flags/')" "./include/flags.h"
check_change "another last flag: whatever includes it" \
	"$(header '' | sed 's/FLAG_LAST/FLAG_END/')" "./include/flags.h"
check_equal "what it was is there again" "$(cat "$tree/include/flags.h")" "$(header '')"
exit $failed
