# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What runs in the lab's machine shares; sourced, never run. Everything is looked
# up by NQN: the kernel's numbers vary from boot to boot.

PCI_NQN=nqn.2019-08.org.qemu:nvmpath0
FABRICS_NQN=nqn.2026-01.io.github.nvmpath:lab
HOST_NQN=nqn.2014-08.org.nvmexpress:uuid:6e766d70-6174-6800-0000-000000000001
HOST_ID=6e766d70-6174-6800-0000-000000000001
LAB_PORTS=(4420 4421 4422 4423)
case ${LAB_MACHINE:-pci} in
fabrics | root) LAB_NQN=$FABRICS_NQN ;;
*) LAB_NQN=$PCI_NQN ;;
esac
over_fabrics() { [ "$LAB_NQN" = "$FABRICS_NQN" ]; }

# ---- what a scenario says ----------------------------------------------------

ok() { printf 'ok - %s\n' "$*"; }
not_ok() { printf 'not ok - %s\n' "$*"; }
skip() { printf 'ok - %s # SKIP\n' "$*"; }
note() { printf '# %s\n' "$*"; }

# $1 what is asserted, $2... a command that must succeed
check() {
	local what=$1
	shift
	if "$@" >/tmp/check.log 2>&1; then
		ok "$what"
	else
		not_ok "$what"
		sed 's/^/#   /' /tmp/check.log | head -n 15
	fi
}

# $1 what, $2 wanted, $3 found
check_equal() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1: wanted '$2', found '$3'"
	fi
}

# $1 what, $2 the exit code wanted, $3 extended regular expression that its
# output must match ('' any), $4... command
check_exit() {
	local what=$1 want=$2 text=$3 code=0
	shift 3
	"$@" >/tmp/check.log 2>&1 || code=$?
	if [ "$code" != "$want" ]; then
		not_ok "$what: wanted exit $want, got $code"
	elif [ -n "$text" ] && ! grep -Eq "$text" /tmp/check.log; then
		not_ok "$what: nothing like '$text' in the output"
	else
		ok "$what"
		return
	fi
	sed 's/^/#   /' /tmp/check.log | head -n 15
}

# $1 seconds, $2... a command; 1 if it did not succeed in that time
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

# ---- topology ----------------------------------------------------------------

# $1 variable, $2 file: its first line, without a process of its own (forks are slow
# here); empty if it cannot be read
line_of() { printf -v "$1" %s ''; read -r "$1" 2>/dev/null <"$2"; } 2>/dev/null

# The folder of the lab's subsystem.
subsys_dir() {
	local dir nqn
	for dir in /sys/class/nvme-subsystem/nvme-subsys*; do
		line_of nqn "$dir/subsysnqn"
		[ "$nqn" = "$LAB_NQN" ] || continue
		echo "$dir"
		return
	done
	return 1
}

# Names of the controllers, in the order of their addresses.
controllers() {
	local dir nqn address
	for dir in /sys/class/nvme/nvme*; do
		line_of nqn "$dir/subsysnqn"
		[ "$nqn" = "$LAB_NQN" ] || continue
		line_of address "$dir/address"
		echo "$address ${dir##*/}"
	done | sort | sed 's/.* //'
}

# $1 namespace id (default 1): name of the head's disk
head_disk() {
	local dir nsid
	dir=$(subsys_dir) || return 1
	for dir in "$dir"/nvme*n*; do
		line_of nsid "$dir/nsid"
		[ "$nsid" = "${1:-1}" ] || continue
		echo "${dir##*/}"
		return
	done
	return 1
}

# $1 controller, $2 namespace id (default 1): name of the path's disk
path_of() {
	local dir nsid
	for dir in "/sys/class/nvme/$1"/nvme*c*n*; do
		line_of nsid "$dir/nsid"
		[ "$nsid" = "${2:-1}" ] || continue
		echo "${dir##*/}"
		return
	done
	return 1
}

path_gone() { ! path_of "$@" >/dev/null; }

# $1 path: usable as far as the kernel tells
path_usable() {
	local state size
	if [ -e "/sys/block/$1/path_state" ]; then
		line_of state "/sys/block/$1/path_state"
		[ "$state" = usable ]
		return
	fi
	line_of state "/sys/block/$1/device/state"
	line_of size "/sys/block/$1/size"
	[ "$state" = live ] && [ "${size:-0}" -gt 0 ]
}

# $1 controller, $2 namespace id: the path is there and usable
path_back() {
	local path
	path=$(path_of "$@") && path_usable "$path"
}

controller_count() { [ "$(controllers | wc -l)" = "$1" ]; }

set_policy() { echo "$1" >"$(subsys_dir)/iopolicy"; }

# $1 path: requests started on it so far, reads and writes
requests_of() { awk '{ print $1 + $5 }' "/sys/block/$1/stat"; }

# ---- taking paths away without asking ---------------------------------------

# $1 controller, $2 namespace id
abrupt_detach() {
	nvme detach-ns "/dev/$1" -n "$2" -c "$(cat "/sys/class/nvme/$1/cntlid")" >/dev/null
}

attach() {
	nvme attach-ns "/dev/$1" -n "$2" -c "$(cat "/sys/class/nvme/$1/cntlid")" >/dev/null
	nvme ns-rescan "/dev/$1"
}

# $1 controller of a PCIe machine; prints the bridge that brings it back
pci_remove() {
	local dev
	dev=$(readlink -f "/sys/class/nvme/$1/device")
	echo "${dev%/*}"
	echo 1 >"$dev/remove"
}

pci_rescan() { echo 1 >"$1/rescan"; }

# Memory decoding, bit 1 of the command register: without it the registers of what is
# there or behind it read all ones. $1 device's folder, $2 0 or 1
pci_decoding() {
	python3 - "$1/config" "$2" <<-'EOF'
	import os, sys
	fd = os.open(sys.argv[1], os.O_RDWR)
	command = os.pread(fd, 2, 4)
	os.pwrite(fd, bytes([command[0] & ~2 | int(sys.argv[2]) * 2, command[1]]), 4)
	EOF
}

# ---- the fabrics machine -----------------------------------------------------

# Target on TCP over loopback: two namespaces in an ANA group each, four ports; the
# first two are optimized for group 1, the others for group 2. In the machine "root"
# the second namespace is the root filesystem.
fabrics_setup() {
	local cfg=/sys/kernel/config/nvmet i disks=(/dev/ram0 /dev/ram1)
	[ "$LAB_MACHINE" != root ] || disks[1]=$(compgen -G '/dev/nvme*n1')
	mkdir "$cfg/subsystems/$FABRICS_NQN" || return 1
	echo 1 >"$cfg/subsystems/$FABRICS_NQN/attr_allow_any_host"
	for i in 1 2; do
		mkdir "$cfg/subsystems/$FABRICS_NQN/namespaces/$i"
		echo "${disks[i - 1]}" >"$cfg/subsystems/$FABRICS_NQN/namespaces/$i/device_path"
		echo "$i" >"$cfg/subsystems/$FABRICS_NQN/namespaces/$i/ana_grpid"
		echo 1 >"$cfg/subsystems/$FABRICS_NQN/namespaces/$i/enable"
	done
	for i in 1 2 3 4; do
		fabrics_port "$cfg/ports/$i" "${LAB_PORTS[i - 1]}" $(((i + 1) / 2))
	done
}

# $1 folder, $2 service id, $3 the group that it is optimized for
fabrics_port() {
	mkdir "$1" "$1/ana_groups/2"
	echo tcp >"$1/addr_trtype"
	echo ipv4 >"$1/addr_adrfam"
	echo 127.0.0.1 >"$1/addr_traddr"
	echo "$2" >"$1/addr_trsvcid"
	echo non-optimized >"$1/ana_groups/$((3 - $3))/ana_state"
	echo optimized >"$1/ana_groups/$3/ana_state"
	ln -s "/sys/kernel/config/nvmet/subsystems/$FABRICS_NQN" "$1/subsystems/"
}

# $1 service id, $@ further options
fabrics_connect() {
	nvme connect -t tcp -a 127.0.0.1 -s "$1" -n "$FABRICS_NQN" \
		--hostnqn="$HOST_NQN" --hostid="$HOST_ID" --nr-io-queues=2 \
		--ctrl-loss-tmo=600 --reconnect-delay=2 --keep-alive-tmo=30 "${@:2}" >/dev/null
}

fabrics_connect_all() {
	local port
	for port in "${LAB_PORTS[@]}"; do
		fabrics_connect "$port" || return 1
	done
	wait_for 20 controller_count 4
}

# $1 port 1..4, $2 group, $3 ANA state
fabrics_ana() { echo "$3" >"/sys/kernel/config/nvmet/ports/$1/ana_groups/$2/ana_state"; }

# ---- load --------------------------------------------------------------------

# Over fabrics the target and TCP run on the same two emulated processors as the
# load: more of it and nothing else gets its turn.
load_size=(--threads=4 --depth=8)
! over_fabrics || load_size=(--threads=2 --engine=sync)

# Below what acts on the paths, so that this gets its turn on two emulated processors.
load_nice=10

# Starts nvmpath-load on the head of namespace 1; $@ further options.
load_start() {
	rm -f /tmp/load.end /tmp/load.json
	nice -n $load_nice nvmpath-load --file="/dev/$(head_disk 1)" "${load_size[@]}" --size=64M \
		--until=/tmp/load.end --json "$@" >/tmp/load.json 2>/tmp/load.err &
	load_pid=$!
	sleep 1
}

# Ends it; its verdict is in /tmp/load.json.
load_stop() {
	touch /tmp/load.end
	wait "$load_pid"
}

# $1 key: a number of the verdict
load_value() {
	python3 -c 'import json,sys; print(json.load(open("/tmp/load.json"))[sys.argv[1]])' "$1"
}

load_errors() {
	python3 -c 'import json; print(sum(json.load(open("/tmp/load.json"))["errors"].values()))'
}

# I/Os and errors by name, for people
load_figures() {
	python3 -c 'import json
r = json.load(open("/tmp/load.json"))
errors = ", ".join("%d %s" % (n, name) for name, n in r["errors"].items() if n)
print("%d I/Os, %s, slowest %d ms" % (r["ios"], errors or "no error", r["longest_us"] // 1000))'
}

# $1 what ran under the load: no error, no miscompare, and something was done
check_load() {
	check_equal "$1: no I/O error" 0 "$(load_errors)"
	check_equal "$1: no miscompare" 0 "$(load_value miscompares)"
	check "$1: the load did something ($(load_value ios) I/Os)" [ "$(load_value ios)" -gt 100 ]
}

# ---- what is shown on unpatched kernels, and gone on patched ones ------------

patched() { compgen -G "/sys/block/nvme*/admin_state" >/dev/null; }

# $1 what is staged, $2 errors of the application, $3 of them, what the device itself
# returned with "do not retry", which no kernel can mend, $4 the figures. Unpatched the
# errors must show; where they do not, that is said, and it counts as skipped.
reproduced() {
	if patched; then
		check_equal "$1, patched: no error but the device's own ($4)" 0 $(($2 - $3))
	elif [ "$2" -gt 0 ]; then
		ok "$1, unpatched: it fails ($4)"
	else
		skip "$1, unpatched: it did not fail this time ($4)"
	fi
}

# $1 name: a number of what "nvmpath-stage read" printed into /tmp/reads
reads_value() { sed -n "s/.*\<$1=\([0-9]*\).*/\1/p" /tmp/reads; }

# Sends $1 (a QMP command) to this machine's QEMU and prints what it answers.
qmp() {
	local n
	rm -f /run-lab/qmp-answer
	echo "$1" >/run-lab/qmp-request.new
	mv /run-lab/qmp-request.new /run-lab/qmp-request
	for ((n = 0; n < 100; n++)); do
		[ -e /run-lab/qmp-answer ] && break
		sleep 0.1
	done
	cat /run-lab/qmp-answer
}

# ---- one scenario after the other -------------------------------------------

# The state that each scenario begins with: all controllers there, all paths
# usable and online, no daemon, no record of one before.
scenario_begin() {
	local c
	load_end_any
	systemctl stop nvmpathd 2>/dev/null
	systemctl reset-failed nvmpathd 2>/dev/null
	rm -rf /run/nvmpath
	if over_fabrics; then
		fabrics_begin || return 1
	elif [ "$(controllers | wc -l)" != 2 ]; then
		echo 1 >/sys/bus/pci/rescan
	fi
	wait_for 30 controllers_live || return 1
	for c in $(controllers); do
		controller_begin "$c" || return 1
	done
	set_policy numa
}

load_end_any() {
	touch /tmp/load.end
	[ -z "${load_pid:-}" ] || wait "$load_pid" 2>/dev/null
	load_pid=''
}

fabrics_begin() {
	local port
	[ -d "/sys/kernel/config/nvmet/subsystems/$FABRICS_NQN" ] || fabrics_setup || return 1
	for port in 1 2 3 4; do
		fabrics_ana $port $(((port + 1) / 2)) optimized
		fabrics_ana $port $((3 - (port + 1) / 2)) non-optimized
		ctrl_by_port "${LAB_PORTS[port - 1]}" >/dev/null ||
			fabrics_connect "${LAB_PORTS[port - 1]}" || return 1
	done
}

# $1 service id: the controller that is connected there
ctrl_by_port() {
	local c
	for c in $(controllers); do
		grep -q "trsvcid=$1" "/sys/class/nvme/$c/address" || continue
		echo "$c"
		return
	done
	return 1
}

controllers_live() {
	local c n=0
	for c in $(controllers); do
		[ "$(cat "/sys/class/nvme/$c/state")" = live ] || return 1
		n=$((n + 1))
	done
	if over_fabrics; then [ $n = 4 ]; else [ $n = 2 ]; fi
}

# $1 controller: both paths there, online and usable
controller_begin() {
	local nsid path
	for nsid in 1 2; do
		path_of "$1" $nsid >/dev/null || attach "$1" $nsid
		wait_for 20 path_of "$1" $nsid || return 1
		path=$(path_of "$1" $nsid)
		if [ -e "/sys/block/$path/admin_state" ]; then
			echo online >"/sys/block/$path/admin_state"
		fi
		wait_for 20 path_back "$1" $nsid || return 1
	done
}

# Starts the daemon as its users would.
daemon_start() { check "systemctl start nvmpathd" systemctl start nvmpathd; }

admin_state() { cat "/sys/block/$1/admin_state"; }
path_state() { cat "/sys/block/$1/path_state"; }

# $1 file, $2 word: the errno's name that the write ends with, or "ok"
write_word() {
	python3 -c 'import errno, os, sys
try:
    os.write(os.open(sys.argv[1], os.O_WRONLY), sys.argv[2].encode())
    print("ok")
except OSError as e:
    print(errno.errorcode[e.errno])' "$1" "$2"
}
# The same of a path's and of a controller's admin_state
write_path_state() { write_word "/sys/block/$1/admin_state" "$2"; }
write_ctrl_state() { write_word "/sys/class/nvme/$1/admin_state" "$2"; }

# A picture of the paths and what holds them, to compare before and after.
picture() {
	local c nsid path
	for c in $(controllers); do
		for nsid in 1 2; do
			path=$(path_of "$c" $nsid) || continue
			echo "$(cat "/sys/class/nvme/$c/address") $nsid" \
				"$(cat "/sys/block/$path/admin_state" 2>/dev/null)" \
				"$(cat "/sys/block/$path/path_state" 2>/dev/null)"
		done
	done
}

# From here on completions on this path are lost: what is in flight stays so until
# the request's timeout (30 s). $1 path
lose_completions() {
	echo 1 >"/sys/block/$1/io-timeout-fail"
	echo 100 >/sys/kernel/debug/fail_io_timeout/probability
	echo "${2:-1}" >/sys/kernel/debug/fail_io_timeout/times
	echo 0 >/sys/kernel/debug/fail_io_timeout/verbose
}

# Ends that: a reset of the controller takes back what is in flight. $1 path,
# $2 its controller
lose_no_more() {
	echo 0 >/sys/kernel/debug/fail_io_timeout/times
	echo 0 >/sys/kernel/debug/fail_io_timeout/probability
	echo 0 >"/sys/block/$1/io-timeout-fail"
	echo 1 >"/sys/class/nvme/$2/reset_controller"
	wait_for 30 controllers_live
}

# ---- a drain that does not end ------------------------------------------------

# Load, the daemon, and a completion that is lost on the first controller's path to
# namespace 1. Sets ctrl, path, and pid of the daemon. $1 how many are lost (1)
stuck_begin() {
	ctrl=$(controllers | head -n 1)
	path=$(path_of "$ctrl" 1)
	set_policy round-robin
	daemon_start
	pid=$(daemon_pid)
	load_start
	lose_completions "$path" "${1:-1}"
	sleep 1
}

# Removes that path, or $1, which takes until somebody ends it; removal_pid is nvmpathctl.
stuck_removal() {
	nvmpathctl remove "${1:-$path}" --timeout=120s >/tmp/remove.log 2>&1 &
	removal_pid=$!
	check "the path is held and draining" wait_for 10 grep -qx hold "/sys/block/$path/admin_state"
}

# What was lost is taken back, and the load ends. $1 what ran
stuck_end() {
	lose_no_more "$path" "$ctrl"
	load_stop
	check_load "$1"
	check_equal "$1: no I/O was stuck" 0 "$(load_value stuck)"
}

daemon_pid() { systemctl show -p MainPID --value nvmpathd; }

# A daemon runs, and not the one of pid.
another_daemon() {
	local now
	now=$(daemon_pid)
	[ "$now" != 0 ] && [ "$now" != "$pid" ] && systemctl is-active nvmpathd
}
