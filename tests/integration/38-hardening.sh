#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# with --all: 7.3-patched
# machine: pci fabrics
# limit: 900 s
# Whatever takes a right, under the units as they are installed: the daemon without a
# capability, its helper with three; and the helper is killed and stopped.
set -u
. /nvmpath/lab/guest/lib.sh

helper_pid() { systemctl show -p MainPID --value nvmpath-helper; }
helper_is() {
	busctl get-property io.github.nvmpath1 /io/github/nvmpath1 io.github.nvmpath1.Manager \
		Helper | grep -qx "s \"$1\""
}
another_helper() {
	local now
	now=$(helper_pid)
	[ "$now" != 0 ] && [ "$now" != "$old_helper" ] && helper_is there
}
# $1 process, $2 field of its status
status_of() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }
attr_is() { grep -qx "$2" "$1"; }
hooked() { journalctl -u nvmpathd -o cat --no-pager | grep -qx "hook $1"; }

# $1 a path or a controller
held_and_not() {
	check_exit "hold $1" 0 "" nvmpathctl hold "$1"
	check_exit "release $1" 0 "" nvmpathctl release "$1"
	check_exit "drain $1" 0 "" nvmpathctl drain "$1"
	check_exit "and release it" 0 "" nvmpathctl release "$1"
}

# $1 controller, $2 what came before
path_goes_and_comes() {
	local path
	path=$(path_of "$1" 1)
	check_exit "$2: remove $path" 0 "" nvmpathctl remove "$path"
	check "it is gone" path_gone "$1" 1
	check_exit "restore $path" 0 "" nvmpathctl restore "$path"
	check "it is usable" wait_for 20 path_back "$1" 1
}

# $1 what came before. The first controller, which is another one afterwards.
controller_goes_and_comes() {
	local n
	n=$(controllers | wc -l)
	check_exit "$1: remove $ctrl" 0 "" nvmpathctl remove "$ctrl"
	check "it is gone" controller_count $((n - 1))
	check_exit "restore $ctrl" 0 "" nvmpathctl restore "$ctrl"
	check "all controllers are live" wait_for 30 controllers_live
	ctrl=$(controllers | head -n 1)
	check "its path is usable" wait_for 20 path_back "$ctrl" 1
}

# Admin commands detach a path, where the controller can do that at all.
has_attachment() { [ "$LAB_MACHINE" != fabrics ]; }

ctrl=$(controllers | head -n 1)
conf=/etc/nvmpath/nvmpathd.conf hooks=/etc/nvmpath/hooks.d
daemon_start
pid=$(daemon_pid)
check "the daemon has its helper" wait_for 10 helper_is there
for process in "$pid" "$(helper_pid)"; do
	what=$(cat "/proc/$process/comm")
	check_equal "$what gets no new rights" 1 "$(status_of "$process" NoNewPrivs)"
	check_equal "$what has a filter of system calls" 2 "$(status_of "$process" Seccomp)"
	check "its memory is locked" [ "$(status_of "$process" VmLck | tr -dc 0-9)" -gt 0 ]
done
check_equal "the daemon has no capability" 0000000000000000 "$(status_of "$pid" CapEff)"
check_equal "nor can it get one" 0000000000000000 "$(status_of "$pid" CapBnd)"
check_equal "its helper has three" 0000000000280004 "$(status_of "$(helper_pid)" CapEff)"
check "which sees no device" sh -c "! ls /proc/$(helper_pid)/root/dev | grep nvme"

note "who has a node open: the controller's, since no path of a head has one"
sleep 600 3<"/dev/$ctrl" & users=($!)
setpriv --reuid=65534 --clear-groups sleep 600 3<"/dev/$ctrl" & users+=($!)
sleep 1
nvmpathctl plan "$ctrl" >/tmp/plan 2>&1
check "a plan names root's process" grep -q "${users[0]} sleep $ctrl" /tmp/plan
check "and another user's" grep -q "${users[1]} sleep $ctrl" /tmp/plan
check "nobody is hidden" sh -c "! grep -E 'could not be (looked at|found out)' /tmp/plan"
kill "${users[@]}"
wait "${users[@]}" 2>/dev/null
path=$(path_of "$ctrl" 1)

note "holds, settings and hooks"
load_start
held_and_not "$path"
held_and_not "$ctrl"
mkdir -p "$hooks"
cat >"$hooks/50-note" <<'X'
#!/bin/sh
echo "hook $1 $NVMPATH_OBJECT: $(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)"
X
chmod 755 "$hooks/50-note"
printf '[Subsystem %s]\nIOPolicy=round-robin\n' "$LAB_NQN" >"$conf"
if [ "$LAB_MACHINE" = fabrics ]; then
	echo ReconnectDelay=7 >>"$conf"
fi
systemctl reload nvmpathd
check "a setting of the subsystem is written" wait_for 10 attr_is "$(subsys_dir)/iopolicy" round-robin
[ "$LAB_MACHINE" != fabrics ] ||
	check "and one of its controllers" wait_for 10 attr_is "/sys/class/nvme/$ctrl/reconnect_delay" 7

note "removals"
removed=$ctrl
controller_goes_and_comes "as installed"
check "a hook ran, without a capability" wait_for 10 hooked "pre $removed: 0000000000000000"
check "and at the end" wait_for 10 hooked "post $removed: 0000000000000000"
rm -r "$hooks"
[ "$LAB_MACHINE" != fabrics ] ||
	check "what came back has the setting" wait_for 10 attr_is "/sys/class/nvme/$ctrl/reconnect_delay" 7
! has_attachment || path_goes_and_comes "$ctrl" "as installed"

note "the helper is killed"
path=$(path_of "$ctrl" 1)
check_exit "hold $path" 0 "" nvmpathctl hold "$path"
old_helper=$(helper_pid)
check "kill -9" systemctl kill -s KILL nvmpath-helper
check "it is there again" wait_for 20 another_helper
check_equal "the path is still held" hold "$(admin_state "$path")"
check_exit "and released" 0 "" nvmpathctl release "$path"
check_equal "the daemon is the same" "$pid" "$(daemon_pid)"
! has_attachment || path_goes_and_comes "$ctrl" "with the new one"
controller_goes_and_comes "with the new one"

note "the helper is stopped"
path=$(path_of "$ctrl" 1)
check "systemctl stop" systemctl stop nvmpath-helper.socket nvmpath-helper
check "the daemon sees it" wait_for 10 helper_is away
held_and_not "$path"
if has_attachment; then
	check_exit "the removal of a path is refused: 4" 4 "helper for admin commands is not running" \
		nvmpathctl remove "$path"
	check_equal "nothing was held for it" online "$(admin_state "$path")"
fi
controller_goes_and_comes "without it"
check "systemctl start" systemctl start nvmpath-helper
check "the daemon sees it" wait_for 60 helper_is there
! has_attachment || path_goes_and_comes "$ctrl" "with it again"
load_stop
check_load "hardened"

check_equal "the daemon was never restarted" "$pid" "$(daemon_pid)"
check "neither was refused anything" sh -c "! journalctl -b -u nvmpathd -u nvmpath-helper -o cat --no-pager |
	grep -iE 'permission denied|not permitted|read-only file system'"
rm "$conf"
systemctl reload nvmpathd
check_equal "nothing is left held" 0 "$(grep -l hold /sys/block/nvme*c*/admin_state | wc -l)"
