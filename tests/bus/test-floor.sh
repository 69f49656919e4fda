#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Floors, while more than one takes paths: what is being taken counts as gone, and what was
# allowed is looked at once more when the hooks are through.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }
held() { grep -l hold "$T"/sys/class/nvme/nvme?/*/admin_state | wc -l; }
says() # WHAT PATTERN TEXT
{
	# shellcheck disable=SC2254
	case $3 in
	$2) ok "$1" ;;
	*) not_ok "$1: $3" ;;
	esac
}
other=$T/sys/class/nvme/nvme3/nvme0c3n2
hooks=$T/root/etc/nvmpath/hooks.d

# Removals wait in their hook until $T/go is there.
mkdir -p "$hooks"
cat >"$hooks/wait" <<EOF
#!/bin/sh
[ "\$1" = pre ] || exit 0
: >$T/waiting
while ! [ -e $T/go ]; do sleep 0.05; done
EOF
chmod 755 "$hooks/wait"
wait_in_hook() # ARGUMENT...: of Remove
{
	rm -f "$T/go" "$T/waiting"
	manager Remove "$@" >/dev/null
	within 10 [ -e "$T/waiting" ]
}
let_go() { : >"$T/go"; }

daemon_options=(--config-root="$T/root")
start_bus
fake_pair "$T/sys"
fake_second_pair "$T/sys"
printf '[Removal]\nMinUsable=3\n' >"$T/root/etc/nvmpath/nvmpathd.conf"
start_kernel
start_daemon

wait_in_hook stst nvme1 30000000 x 4
says "a removal waits in its hook" checking "$(property 1 State)"
says "nobody else may take what it will leave" "*nvme0n1 would keep 2 usable paths*the floor is 3*" \
	"$(manager Hold sstt nvme0c2n1 x 0 0)"
equal "but by force" "" "$(manager Hold sstt nvme0c2n1 x 0 1)"
equal "which is on record" 1 "$(cat "$T"/run/hold-*.json | grep -c '"forced":1')"
says "and in the history, of who took it" '*"nvme0c2n1" "online" "hold" "x"*"owner" "uid 0" "forced" "yes"*' \
	"$(manager History ttsut 0 0 nvme0c2n1 0 0)"
let_go
becomes "the removal would go below the floor now" 1 State refused
says "which is said" "*nvme0n1 would keep 2 usable paths*the floor is 3*" "$(property 1 Detail)"
equal "it held nothing" 1 "$(held)"
manager Release st nvme0c2n1 0 >/dev/null
within 5 is nvme0n1 UsablePaths 4

wait_in_hook stst nvme1 30000000 x 4
mv "$other" "$T/away"
let_go
becomes "a path that fails meanwhile is seen, too" 2 State refused
says "which is said" "*nvme0n2 would keep 2 usable paths*" "$(property 2 Detail)"
equal "nothing is held" 0 "$(held)"
mv "$T/away" "$other"
within 5 is nvme0n2 UsablePaths 4

wait_in_hook stst nvme1 30000000 x 5
mv "$other" "$T/away"
let_go
becomes "forced it goes below the floor" 3 State drained
manager Release st nvme1 0 >/dev/null
mv "$T/away" "$other"
within 5 is nvme0n2 UsablePaths 4

wait_in_hook stst nvme1 30000000 x 4
let_go
becomes "with nothing in the way it is through" 4 State drained
manager Release st nvme1 0 >/dev/null
within 5 is nvme0n1 UsablePaths 4

finish
