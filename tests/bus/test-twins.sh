#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Connections in one place: of another host's name, and of the same (connect -D).
# What is beside a controller that is removed is not what returns of it.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }
c1=$T/sys/class/nvme/nvme1
links=$T/sys/class/nvme-subsystem/nvme-subsys0

twin() # NAME HOSTNQN
{
	local n

	fake_controller "$T/sys" nvme-subsys0 "$1" tcp "traddr=10.0.0.1,trsvcid=4420"
	put "$T/sys/class/nvme/$1/hostnqn" "$2"
	for n in 1 2; do fake_path "$T/sys" "$1" "nvme0c${1#nvme}n$n" $n; done
}

goes() # NAME
{
	mv "$T/sys/class/nvme/$1" "$T/gone.$1"
	rm "$links/$1"
}

returns() # NAME
{
	put "$T/gone.$1/delete_controller" ""
	for n in 1 2; do
		put "$T/gone.$1/nvme0c${1#nvme}n$n/admin_state" online
		put "$T/gone.$1/nvme0c${1#nvme}n$n/path_state" usable
	done
	mv "$T/gone.$1" "$T/sys/class/nvme/$1"
	ln -sfn "../../nvme/$1" "$links/$1"
}

start_bus
fake_pair "$T/sys"
twin nvme2 nqn.2026-01.test:another-host
twin nvme3 nqn.2014-08.org.nvmexpress:uuid:fake
start_kernel
start_daemon

manager Remove stst nvme1 0 x 0 >/dev/null
becomes "one of three in a place is removed" 1 State detached
equal "that another of its host was there is on record" 1 \
	"$(grep -o '"duplicate":1' "$T/run/removal-1.json" | wc -l)"
call 1 Restore t 0 >/dev/null
becomes "its restore does not take another for it" 1 State failed
case $(property 1 Detail) in
*"own sysfs"*) ok "but tries to connect" ;;
*) not_ok "its detail is '$(property 1 Detail)'" ;;
esac
returns nvme1
within 5 is nvme0c1n1 Usable true
equal "the others are as they were" "live online live online" \
	"$(property nvme2 State) $(admin nvme2 nvme0c2n1) $(property nvme3 State) $(admin nvme3 nvme0c3n1)"

# Killed in the detach, which then went through.
stop_kernel
manager Remove stst nvme1 0 x 0 >/dev/null
becomes "another removal detaches" 2 State detaching
stop_daemon KILL
goes nvme1
start_daemon
becomes "what went while nobody looked is detached, whoever is beside it" 2 State detached
returns nvme1
becomes "it is seen when it comes" nvme1 State live

# All in that place at once.
start_kernel
within 5 is nvme0c1n1 Usable true
manager Remove stst traddr=10.0.0.1 0 x 0 >/dev/null
becomes "all of a place are removed" 3 State detached
returns nvme1
within 5 is nvme0c1n1 Usable true
call 3 Restore t 0 >/dev/null
becomes "one that is back is not three" 3 State failed
case $(property 3 Detail) in
*nvme2*nvme3*) ok "the other two are named" ;;
*) not_ok "its detail is '$(property 3 Detail)'" ;;
esac
stop_daemon TERM
finish
