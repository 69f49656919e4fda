# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A tree that looks like sysfs to nvmpathd's reader. Source it, then:
#
#   fake_subsystem ROOT nvme-subsys0 NQN [IOPOLICY]
#   fake_controller ROOT nvme-subsys0 nvme0 TRANSPORT ADDRESS
#   fake_head ROOT nvme-subsys0 nvme0n1 NSID
#   fake_path ROOT nvme0 nvme0c0n1 NSID [patched|stock]
#
# Attributes are plain files. What the kernel would do on a write, the test
# does by writing the next file.

put() # FILE TEXT
{
	# Whole or not at all, as sysfs does: a reader may come at any moment.
	mkdir -p "${1%/*}" && printf '%s\n' "$2" >"$1.$BASHPID" && mv -f "$1.$BASHPID" "$1"
}

fake_subsystem()
{
	local d=$1/class/nvme-subsystem/$2

	put "$d/subsysnqn" "$3"
	put "$d/model" "Fake NVMe"
	put "$d/serial" "fake0"
	put "$d/firmware_rev" "1.0"
	put "$d/iopolicy" "${4:-numa}"
}

fake_controller()
{
	local d=$1/class/nvme/$3

	put "$d/transport" "$4"
	put "$d/address" "$5"
	put "$d/state" live
	put "$d/cntlid" "$((${3#nvme} + 1))"
	put "$d/numa_node" -1
	put "$d/hostnqn" nqn.2014-08.org.nvmexpress:uuid:fake
	put "$d/diag/reset_count" 3
	put "$d/delete_controller" ""
	put "$d/device/remove" ""
	ln -sfn "../../nvme/$3" "$1/class/nvme-subsystem/$2/$3"
}

fake_head()
{
	local d=$1/class/nvme-subsystem/$2/$3

	put "$d/nsid" "$4"
	put "$d/uuid" "00000000-0000-0000-0000-00000000000$4"
	put "$d/wwid" "uuid.0000000$4"
	put "$d/size" 131072
	put "$d/diag/bio_redirect_count" 7
}

fake_path()
{
	local d=$1/class/nvme/$2/$3

	put "$d/nsid" "$4"
	put "$d/ana_grpid" 1
	put "$d/ana_state" optimized
	put "$d/inflight" "       0        0"
	put "$d/queue/iostats" 1
	[ "${5:-patched}" = patched ] || return 0
	put "$d/admin_state" online
	put "$d/path_state" usable
	put "$d/diag/bio_redirect_count" 5
	put "$d/diag/multipath_failover_count" 2
}

# One subsystem, two controllers, two shared namespaces, four paths.
fake_pair() # ROOT [patched|stock]
{
	local c n

	fake_subsystem "$1" nvme-subsys0 nqn.2026-01.test:pair
	for n in 1 2; do
		fake_head "$1" nvme-subsys0 "nvme0n$n" "$n"
	done
	for c in 0 1; do
		fake_controller "$1" nvme-subsys0 "nvme$c" tcp \
			"traddr=10.0.0.$c,trsvcid=4420"
		for n in 1 2; do
			fake_path "$1" "nvme$c" "nvme0c${c}n$n" "$n" "${2:-patched}"
		done
	done
}

# Another subsystem: one namespace, and two controllers with these addresses.
fake_other() # ROOT nvmeA TRADDR nvmeB TRADDR
{
	local root=$1

	shift
	fake_subsystem "$root" nvme-subsys1 nqn.2026-01.test:other
	fake_head "$root" nvme-subsys1 nvme1n1 1
	while [ $# -gt 0 ]; do
		fake_controller "$root" nvme-subsys1 "$1" tcp "traddr=$2,trsvcid=4421"
		fake_path "$root" "$1" "nvme1c${1#nvme}n1" 1
		shift 2
	done
}

# The subsystem of fake_pair by a second interface: nvme2 and nvme3.
fake_second_pair() # ROOT
{
	local c n
	for c in 2 3; do
		fake_controller "$1" nvme-subsys0 nvme$c tcp \
			"traddr=10.0.0.$c,trsvcid=4420,host_traddr=10.0.9.9,host_iface=eth2"
		for n in 1 2; do
			fake_path "$1" nvme$c nvme0c${c}n$n $n
		done
	done
}
