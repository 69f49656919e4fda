#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched-kasan 7.3-patched-kasan 6.12-patched-kcsan 7.3-patched-kcsan
# machine: fabrics
# long
# ANA flips without end, and controllers removed, rescanned, reset and held beside them,
# for LAB_SOAK seconds under the checkers, while all that the series adds to sysfs is read.
set -u
. /nvmpath/lab/guest/lib.sh
. /nvmpath/lab/guest/soak.sh

# With KASAN and PROVE_LOCKING a look at what an ANA group has become takes the four
# controllers so long that flips at the other kernels' pace leave nothing for the rest: a
# restore was not through in its 30 s.
case $LAB_KERNEL in
*-kasan) pause=0.5 ;;
*) pause=0.05 ;;
esac

# Both groups on port 1, which nothing else happens to; says how many flips there were.
# Its argument: seconds between two.
cat >/tmp/flip.py <<'EOS'
import os, sys, time
groups = [os.open("/sys/kernel/config/nvmet/ports/1/ana_groups/%d/ana_state" % g, os.O_WRONLY)
          for g in (1, 2)]
states = [b"inaccessible", b"optimized", b"change", b"non-optimized"]
n = 0
while not os.path.exists("/tmp/soak.end"):
    os.pwrite(groups[n % 2], states[n // 2 % 4], 0)
    n += 1
    time.sleep(float(sys.argv[1]))
os.pwrite(groups[0], b"optimized", 0)
os.pwrite(groups[1], b"non-optimized", 0)
print(n)
EOS

ns=/sys/kernel/config/nvmet/subsystems/$FABRICS_NQN/namespaces/2/enable
# $1 controller: its second path comes back; the target tells of a namespace before it
# has enabled it, so a host may look too early.
second_back() { path_back "$1" 2 || { nvme ns-rescan "/dev/$1"; return 1; }; }

soak_start
python3 /tmp/flip.py $pause >/tmp/flips &
flipper=$!
n=0
while soaking; do
	port=${LAB_PORTS[1 + n % 3]}
	ctrl=$(ctrl_by_port "$port")
	nvmpathctl remove "$ctrl" >/tmp/ctl.log 2>&1 || { not_ok "remove $ctrl"; cat /tmp/ctl.log; break; }
	nvmpathctl restore "$ctrl" >/tmp/ctl.log 2>&1 || { not_ok "restore $ctrl"; cat /tmp/ctl.log; break; }
	wait_for 60 controllers_live || { not_ok "port $port comes back"; break; }
	ctrl=$(ctrl_by_port "$port")
	nvme ns-rescan "/dev/$ctrl"
	case $((n % 3)) in
	0) echo 0 >"$ns"; echo 1 >"$ns"
	   wait_for 60 second_back "$ctrl" || { not_ok "namespace 2 comes back"; break; } ;;
	1) soak_hold "$ctrl" || { not_ok "hold $ctrl"; break; } ;;
	2) soak_reset "$ctrl" || { not_ok "reset $ctrl"; break; } ;;
	esac
	n=$((n + 1))
done
check "something was done ($n removals)" [ $n -gt 3 ]
soak_stop "ANA flips, removals, rescans, resets, holds"
wait $flipper
check "there were $(cat /tmp/flips) ANA flips" [ "$(cat /tmp/flips)" -gt 100 ]
