#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test-polkitd.sh: the real polkitd, with our actions and a rule of an administrator
# for one path: a user may hold that one, no other, and do nothing else.
# In a mount namespace of its own: rules and actions are where polkitd looks for them.
polkitd=/usr/lib/polkit-1/polkitd
[ -x $polkitd ] || { echo "no polkitd"; exit 77; }
if [ "${1:-}" != inside ]; then
	unshare -m true 2>/dev/null || { echo "no mount namespaces here"; exit 77; }
	exec unshare -m "$0" inside
fi
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

authority=''
trap 'kill $authority 2>/dev/null; cleanup' EXIT
mkdir -p "$T/rules" "$T/actions" "$T/none"
cp "$here/../../units/io.github.nvmpath1.policy" "$T/actions"
mount --bind "$T/actions" /usr/share/polkit-1/actions &&
	mount --bind "$T/rules" /etc/polkit-1/rules.d &&
	mount --bind "$T/none" /usr/share/polkit-1/rules.d || { echo "cannot mount here"; exit 77; }
cat >"$T/rules/10-test.rules" <<'END'
polkit.addRule(function(action, subject) {
	if (action.id == "io.github.nvmpath1.hold" && subject.user == "nobody" &&
	    action.lookup("path") == "nvme0c0n1" &&
	    action.lookup("subsysnqn") == "nqn.2026-01.test:pair")
		return polkit.Result.YES;
});
END
chmod -R a+rX "$T"

as_nobody() # OBJECT METHOD ...
{
	local object=$1

	shift
	setpriv --reuid="$(id -u nobody)" --clear-groups busctl --address="$ADDRESS" --timeout=20 \
		call $NAME "$(object "$object")" "$(interface "$object")" "$@" 2>&1
}
refused() # WHAT OUTPUT
{
	case $2 in
	*"Access denied"*) ok "$1" ;;
	*) not_ok "$1: $2" ;;
	esac
}

start_bus
DBUS_SYSTEM_BUS_ADDRESS=$ADDRESS $polkitd --no-debug >"$T/polkit.log" 2>&1 &
authority=$!
within 10 bc status org.freedesktop.PolicyKit1 || { cat "$T/polkit.log"; exit 77; }
fake_pair "$T/sys"
start_kernel
start_daemon
refused "a path that no rule names is not held" "$(as_nobody nvme0c0n2 Hold st x 0)"
equal "nothing was written" online "$(admin nvme0 nvme0c0n2)"
equal "the one that is named is" "" "$(as_nobody nvme0c0n1 Hold st x 0)"
equal "by the kernel" hold "$(admin nvme0 nvme0c0n1)"
equal "in the user's name" "uid $(id -u nobody)" "$(property nvme0c0n1 HoldOwner)"
refused "its controller is not: that is another path, too" "$(as_nobody nvme0 Hold st x 0)"
refused "to hold is not to remove" "$(as_nobody nvme0c0n1 Remove tst 0 x 0)"
equal "it is released by who held it" "" "$(as_nobody nvme0c0n1 Release t 0)"
equal "by the kernel, too" online "$(admin nvme0 nvme0c0n1)"
rm "$T/rules/10-test.rules"
gone() { [[ $(as_nobody nvme0c0n1 Hold st x 0) = *"Access denied"* ]]; }
if within 10 gone; then ok "without the rule it is not"; else not_ok "the rule is gone, and it is held"; fi
finish
