#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: fabrics
# long
# The service as it is installed sets what the configuration says of the kernel's
# attributes, and runs hooks in its sandbox.
set -u
. /nvmpath/lab/guest/lib.sh

property() # OBJECT INTERFACE NAME
{
	busctl get-property io.github.nvmpath1 "/io/github/nvmpath1/$1" \
		"io.github.nvmpath1.$2" "$3" | sed 's/^[a-z]* //'
}
attr_is() { [ "$(cat "$1")" = "$2" ]; }
nqn=$(cat /sys/class/nvme-subsystem/nvme-subsys*/subsysnqn | head -n 1)
conf=/etc/nvmpath/nvmpathd.conf hooks=/etc/nvmpath/hooks.d
mapfile -t ctrls < <(controllers)
ctrl=${ctrls[0]}
subsystem=$(basename "$(dirname "$(ls -d /sys/class/nvme-subsystem/*/"$ctrl")")")
before=$(cat "/sys/class/nvme/$ctrl/ctrl_loss_tmo")
policy=$(cat "/sys/class/nvme-subsystem/$subsystem/iopolicy")

daemon_start
case $before in off) wanted=9223372036854775807 ;; *) wanted=$before ;; esac
check_equal "ctrl_loss_tmo is shown as the kernel has it" "$wanted" \
	"$(property "controller/$ctrl" Controller CtrlLossTmoSec)"
mkdir -p "$hooks"
cat >"$conf" <<EOF
[Subsystem $nqn]
IOPolicy=round-robin
ReconnectDelay=7
CtrlLossTmo=10min
FastIoFailTmo=off
DelayedRemoval=1
EOF
systemctl reload nvmpathd
for c in "${ctrls[@]}"; do
	check "reconnect_delay of $c" wait_for 10 attr_is "/sys/class/nvme/$c/reconnect_delay" 7
	check "its ctrl_loss_tmo, in whole tries" wait_for 10 attr_is "/sys/class/nvme/$c/ctrl_loss_tmo" 602
done
check "iopolicy" wait_for 10 attr_is "/sys/class/nvme-subsystem/$subsystem/iopolicy" round-robin
removal_secs=/sys/block/$(head_disk 1)/delayed_removal_secs
[ ! -e "$removal_secs" ] || check "delayed_removal_secs" wait_for 10 attr_is "$removal_secs" 1
sleep 3
check "what the kernel rounds is written once" \
	[ "$(journalctl -u nvmpathd -o cat --no-pager | grep -c "$ctrl: ctrl_loss_tmo")" -le 2 ]

cat >"$hooks/50-note" <<'EOF'
#!/bin/sh
echo "hook $1 of $NVMPATH_OBJECT: $NVMPATH_STATE, $(grep -l hold /sys/block/nvme*c*/admin_state | wc -l) held"
EOF
chmod 755 "$hooks/50-note"
check_exit "remove $ctrl" 0 "" nvmpathctl remove "$ctrl"
hooked() { journalctl -u nvmpathd -o cat --no-pager | grep -qx "hook $1"; }
check "a hook ran before the first hold" wait_for 10 hooked "pre of $ctrl: checking, 0 held"
check "and after the end" wait_for 10 hooked "post of $ctrl: detached, 0 held"
check_exit "restore it" 0 "" nvmpathctl restore "$ctrl"
check "with hooks" wait_for 10 hooked "post of $ctrl: restored, 0 held"
back=$(controllers | tail -n 1)
for c in $(controllers); do
	wait_for 10 attr_is "/sys/class/nvme/$c/ctrl_loss_tmo" 602 || back=$c
done
check_equal "what came back has the settings" 602 "$(cat "/sys/class/nvme/$back/ctrl_loss_tmo")"
printf '#!/bin/sh\nexit 7\n' >"$hooks/60-objection"
chmod 755 "$hooks/60-objection"
check_exit "one that objects refuses: 4" 4 "hook 60-objection: exit status 7" \
	nvmpathctl remove "$back"
rm -r "$hooks" "$conf"
systemctl reload nvmpathd
echo "$policy" >"/sys/class/nvme-subsystem/$subsystem/iopolicy"
check_equal "nothing is left held" 0 "$(grep -l hold /sys/block/nvme*c*/admin_state | wc -l)"
