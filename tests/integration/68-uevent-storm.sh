#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: fabrics
# long
# 10,000 ANA flips make no more uevents than ten a second, and the last is told.
set -u
. /nvmpath/lab/guest/lib.sh

flips=${NVMPATH_FLIPS:-10000}
told=/tmp/uevents
rm -f $told
/nvmpath/lab/guest/uevents $told &
listener=$!
check "the listener is there" wait_for 10 test -e $told

ctrl=$(ctrl_by_port "${LAB_PORTS[0]}")
path=$(path_of "$ctrl" 1)
begin=$EPOCHREALTIME
# Not faster, or the target has gone on before the host has read its log once.
python3 - /sys/kernel/config/nvmet/ports/1/ana_groups/1/ana_state "$flips" <<'END'
import os, sys, time
fd = os.open(sys.argv[1], os.O_WRONLY)
for i in range(int(sys.argv[2])):
    os.pwrite(fd, [b"inaccessible", b"non-optimized"][i % 2], 0)
    time.sleep(0.002)
END
fabrics_ana 1 1 change
end=$EPOCHREALTIME
tenths=$(((${end/./} - ${begin/./}) / 100000))
last() { grep -P "\t$ctrl\tNVME_EVENT=ana\t" $told | tail -n 1 | grep -q 'ANA_STATE=change'; }
check "the last state is told" wait_for 10 last
check "and it is what the path has" grep -qx change "/sys/block/$path/ana_state"
n=$(grep -cP "\t$ctrl\tNVME_EVENT=ana\t" $told)
check "$flips flips in $tenths tenths of a second made $n events" [ "$n" -le $((tenths + 11)) ]
check "and no fewer than two a second" [ "$n" -ge $((tenths / 5)) ]
check "none was lost" sh -c "! grep -q lost $told"
note "the controller sent $(grep -cP "\t$ctrl\t" $told) in all"
fabrics_ana 1 1 optimized
check "the next one is told as well" wait_for 10 sh -c "tail -n 1 $told | grep -q 'ANA_STATE=optimized'"
kill "$listener"
