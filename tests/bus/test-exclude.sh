#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# nvme-cli's exclusion list: written if told to, and as long as it is away.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }
c1=$T/sys/class/nvme/nvme1
list=$T/root/etc/nvme/exclusions.conf.d
entries() { cat "$list"/*.conf 2>/dev/null | sed -n 's/^exclusion = //p'; }
none() { [ -z "$(ls -A "$list")" ]; }
entry="transport=tcp;traddr=10.0.0.1;trsvcid=4420;nqn=nqn.2026-01.test:pair"

daemon_options=(--config-root="$T/root")
start_bus
fake_pair "$T/sys"
start_kernel
start_daemon

manager Remove stst nvme1 0 x 8 >/dev/null
becomes "where nvme-cli keeps nothing it cannot be told" 1 State refused
equal "which is said" "exclusion of nvme1 by nvme-cli: No such file or directory" \
	"$(property 1 Detail)"
mkdir -p "$T/root/etc/nvme"
case $(manager Remove stst nvme0c1n1 0 x 8) in
*"there is nothing to exclude"*) ok "a single path is none of its business" ;;
*) not_ok "a path with an exclusion" ;;
esac
case $(manager Remove stst nvme1 0 x 12) in
*"what stays held is not excluded"*) ok "nor is what stays held" ;;
*) not_ok "maintenance with an exclusion" ;;
esac

put "$c1/nvme0c1n1/inflight" "       1        0"
manager Remove stst nvme1 30000000 x 8 >/dev/null
becomes "a removal with one" 2 State draining
equal "is in the list before it is held" "$entry" "$(entries)"
equal "for everybody to read" 644 "$(stat -c %a "$list"/*.conf)"
call 2 Cancel t 0 >/dev/null
becomes "called off" 2 State rolled-back
if within 10 none; then ok "it is taken out"; else not_ok "left: $(ls -A "$list")"; fi

manager Remove stst nvme1 30000000 x 8 >/dev/null
becomes "once more" 3 State draining
stop_daemon KILL
start_daemon
becomes "the next daemon undoes it" 3 State rolled-back
if within 10 none; then ok "with its exclusion"; else not_ok "left: $(ls -A "$list")"; fi

mkdir -p "$T/sys/run/nvme/registry/nvme1"
put "$T/sys/run/nvme/registry/nvme1/owner" discoverd
put "$c1/nvme0c1n1/inflight" "       0        0"
manager Remove stst nvme1 30000000 x 8 >/dev/null
becomes "a removal that goes through" 4 State detached
equal "leaves it there" "$entry" "$(entries)"
equal "then nobody connects it again" "" "$(property 4 Detail)"
put "$T/gone.nvme1/delete_controller" ""
mv "$T/gone.nvme1" "$c1"
for n in 1 2; do put "$c1/nvme0c1n$n/admin_state" online; done
ln -s ../../nvme/nvme1 "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme1"
within 10 is nvme0n1 UsablePaths 2
call 4 Restore t 0 >/dev/null
becomes "until it is restored" 4 State restored
equal "then it is gone" "" "$(entries)"
manager Remove stst nvme1 30000000 x 0 >/dev/null
becomes "without being told to" 5 State detached
equal "nothing is written" "" "$(entries)"
equal "who may connect it again is told" "nvme1 was connected by discoverd, which may connect it again" \
	"$(property 5 Detail)"
equal "and logged, with the remedy, before it is held" 1 "$(grep -c 'Removal 5: nvme1 was connected by discoverd.*--exclude' "$T/log")"
finish
