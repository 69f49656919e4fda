#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# floors.sh SOURCE CORE_ARCHIVE BASE_ARCHIVE
# A floor of the daemon includes nothing from a floor above it, libnvme is used
# in one file, and core calls nothing but strings, memory and base's strings.
set -u
source=$1 core=$2 base=$3 bad=0

fail() { echo "$*" >&2; bad=1; }

floors=(base core kernel policy bus)
for i in "${!floors[@]}"; do
	for above in "${floors[@]:i + 1}"; do
		hits=$(grep -rnE "#include \"(\.\./)?$above/" "$source/daemon/${floors[i]}")
		[ -z "$hits" ] || fail "${floors[i]} includes $above:" "$hits"
	done
done

hits=$(grep -rlE '#include <(libnvme\.h|nvme/)' "$source/daemon" | grep -v /kernel/nvmelib.c)
[ -z "$hits" ] || fail "libnvme outside its file: $hits"
hits=$(grep -rlE '#include <systemd/sd-bus' "$source/daemon" | grep -v /bus/)
[ -z "$hits" ] || fail "D-Bus below its floor: $hits"
hits=$(grep -rniE 'nvme' "$source/daemon/base" | grep -vE 'NVMPATH|nvmpath|nvme(2|10)\b')
[ -z "$hits" ] || fail "base knows NVMe: $hits"

# What the compiler adds (sanitizers, stack protector, fortify) is not ours.
own=$(nm --defined-only "$core" 2>/dev/null | awk 'NF == 3 { print $3 }')
undefined=$(nm --undefined-only "$core" | awk 'NF == 2 { print $2 }' | sort -u |
	grep -vE '^(__asan|__ubsan|__sanitizer|__stack_chk|_GLOBAL_OFFSET_TABLE_|__start_|__stop_)' |
	grep -vxF "$own" |
	grep -vE '^(mem[a-z]+|bcmp|str[a-z]+|str_[a-z0-9_]+|malloc|calloc|realloc|free|v?snprintf|__(mem|str)[a-z]+_chk|__v?snprintf_chk)$')
[ -z "$undefined" ] || fail "core calls: $undefined"
nm --defined-only "$base" | grep -q ' T str_copy' || fail "no base archive to look at"

exit $bad
