#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# machine: fabrics
# long
# limit: 900 s
# nvmpathctl tree on 4,096 paths of a real kernel (512 namespaces behind 8 ports), and
# nvme list-subsys -v on the same ones, in turns: ten times as fast at least.
set -u
. /nvmpath/lab/guest/lib.sh

NQN=nqn.2026-01.io.github.nvmpath:large
NAMESPACES=512
PORTS=(4431 4432 4433 4434 4435 4436 4437 4438)
PATHS=$((NAMESPACES * ${#PORTS[@]}))

# Forks are slow here, so one process makes all of the target.
target() { # make|remove
	python3 - "$1" "$NQN" "$NAMESPACES" "${PORTS[@]}" <<'PYTHON'
import os, sys

act, nqn, count, ports = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
root = "/sys/kernel/config/nvmet"
subsystem = f"{root}/subsystems/{nqn}"


def put(path, value):
    with open(path, "w") as f:
        f.write(value)


def make():
    os.mkdir(subsystem)
    put(f"{subsystem}/attr_allow_any_host", "1")
    for n in range(1, count + 1):
        os.mkdir(f"{subsystem}/namespaces/{n}")
        put(f"{subsystem}/namespaces/{n}/device_path", "/dev/ram0")
        put(f"{subsystem}/namespaces/{n}/enable", "1")
    for port in ports:
        os.mkdir(f"{root}/ports/{port}")
        for key, value in (("trtype", "tcp"), ("adrfam", "ipv4"), ("traddr", "127.0.0.1"),
                           ("trsvcid", port)):
            put(f"{root}/ports/{port}/addr_{key}", value)
        os.symlink(subsystem, f"{root}/ports/{port}/subsystems/{nqn}")


def remove():
    for port in ports:
        os.unlink(f"{root}/ports/{port}/subsystems/{nqn}")
        os.rmdir(f"{root}/ports/{port}")
    for n in range(1, count + 1):
        os.rmdir(f"{subsystem}/namespaces/{n}")
    os.rmdir(subsystem)


make() if act == "make" else remove()
PYTHON
}

connect() {
	local port
	for port in "${PORTS[@]}"; do
		nvme connect -t tcp -a 127.0.0.1 -s "$port" -n "$NQN" --hostnqn="$HOST_NQN" \
			--hostid="$HOST_ID" --nr-io-queues=1 --keep-alive-tmo=120 >/dev/null ||
			return 1
	done
}

shown() { nvmpathctl tree --no-legend | grep -c "$1"; }
all_are_shown() { [ "$(shown 'tcp 127.0.0.1:443[1-8] .* usable$')" = $PATHS ]; }

# $1 name: the best of its rounds, in ms
took() { awk -v name="$1" '$1 == name { print int($2 * 1000) }' /tmp/took; }

check "a target with $NAMESPACES namespaces and ${#PORTS[@]} ports" target make
check "it is connected over each" connect
udevadm settle -t 120
daemon_start
check "tree shows $PATHS paths, all of them usable" wait_for 90 all_are_shown

check "both are timed" sh -c 'exec python3 /nvmpath/tests/bus/best-of.py 5 "tree=nvmpathctl tree" \
	"nvme=nvme list-subsys -v" "start=nvmpathctl --version" >/tmp/took'
tree=$(took tree) nvme=$(took nvme)
note "best of 5, in turns: nvmpathctl tree $tree ms, nvme list-subsys -v $nvme ms," \
	"nvmpathctl --version $(took start) ms; $((nvme * 10 / tree)) tenths"
check "tree takes a tenth of that at most ($tree ms of $nvme ms)" [ $((tree * 10)) -le "$nvme" ]
if [ "$(systemd-detect-virt)" = kvm ]; then
	check "and 100 ms at most" [ "$tree" -le 100 ]
else
	note "100 ms are for a processor that is not emulated: tests/bus/bench-tree.sh"
fi

systemctl stop nvmpathd
nvme disconnect -n "$NQN" >/dev/null
check "the target is taken down" target remove
