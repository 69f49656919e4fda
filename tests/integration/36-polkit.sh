#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# The real polkitd, with a rule of an administrator for one path: a user may hold
# that one, and neither another nor more than hold.
set -u
. /nvmpath/lab/guest/lib.sh

[ -x /usr/lib/polkit-1/polkitd ] || { skip "no polkitd here"; exit 0; }
mapfile -t ctrls < <(controllers)
mine=$(path_of "${ctrls[0]}" 1)
other=$(path_of "${ctrls[0]}" 2)
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups nvmpathctl "$@"; }

mkdir -p /etc/polkit-1/rules.d
rule=/etc/polkit-1/rules.d/10-nvmpath-lab.rules
rm -f $rule
daemon_start
check "polkitd starts" systemctl start polkit
check_exit "without a rule a user may look" 0 "$mine" nobody list path
check_exit "and hold nothing" 6 "" nobody hold "$mine"
check_equal "nothing was held" online "$(admin_state "$mine")"
cat >$rule <<END
polkit.addRule(function(action, subject) {
	if (action.id == "io.github.nvmpath1.hold" && subject.user == "nobody" &&
	    action.lookup("path") == "$mine" &&
	    action.lookup("subsysnqn") == "$PCI_NQN")
		return polkit.Result.YES;
});
END
chmod 644 $rule
chmod 755 /etc/polkit-1 /etc/polkit-1/rules.d
systemctl restart polkit
check "with a rule for one path it is held" wait_for 20 nobody hold "$mine" --reason=mine
check_equal "by the kernel" hold "$(admin_state "$mine")"
check_exit "in the user's name" 0 "uid 65534|nobody" nvmpathctl show "$mine"
check_exit "another path is not" 6 "" nobody hold "$other"
check_exit "nor the controller" 6 "" nobody hold "${ctrls[0]}"
check_exit "to hold is not to remove" 6 "" nobody remove "$mine"
check_equal "the other path is online" online "$(admin_state "$other")"
check_exit "it is released by who held it" 0 "" nobody release "$mine"
check_equal "by the kernel, too" online "$(admin_state "$mine")"
rm $rule
systemctl stop polkit
