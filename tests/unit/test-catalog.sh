#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test-catalog.sh SOURCE: the catalog explains every MESSAGE_ID and no other, and
# journalctl takes it.
set -u
source=$1 bad=0

T=$(mktemp -d /tmp/nvmpath-catalog-XXXXXX)
trap 'rm -rf "$T"' EXIT
grep -oE '"[0-9a-f]{32}"' "$source/include/nvmpath/events.h" | tr -d '"' | sort >"$T/ids"
sed -n 's/^-- //p' "$source/units/nvmpath.catalog" | sort >"$T/explained"
[ "$(wc -l <"$T/ids")" -gt 10 ] || { echo "no ids found"; bad=1; }
diff "$T/ids" "$T/explained" || bad=1
uniq -d "$T/ids" | grep . && bad=1

command -v journalctl >/dev/null || exit $bad
mkdir -p "$T/usr/lib/systemd/catalog" "$T/var/lib/systemd/catalog"
cp "$source/units/nvmpath.catalog" "$T/usr/lib/systemd/catalog/"
journalctl --root="$T" --update-catalog 2>"$T/log" || { cat "$T/log"; bad=1; }
grep . "$T/log" && bad=1
exit $bad
