#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 7.3-patched
# with --all: 6.12-patched
# machine: fabrics
# The kernel tells of paths, ANA groups and controllers; the daemon needs nothing else.
set -u
. /nvmpath/lab/guest/lib.sh

told=/tmp/uevents
listen() {
	rm -f $told
	/nvmpath/lab/guest/uevents $told &
	listener=$!
	wait_for 10 test -e $told
}
# $1 controller, $2 what follows in the line, with : for the tabs
tell() { grep -qP "\t$1\tNVME_EVENT=${2//:/\\t}" $told; }
# $1 controller, $2 as above: how often
told_times() { grep -cP "\t$1\tNVME_EVENT=${2//:/\\t}" $told; }

ctrl=$(ctrl_by_port "${LAB_PORTS[0]}")
path=$(path_of "$ctrl" 1)
nqn="NVME_SUBSYSNQN=${FABRICS_NQN//:/.}"
seq="NVME_SEQ=[0-9]+"
name="NVME_PATH=$path:NVME_NSID=1"
group="NVME_ANA_GRPID=1:NVME_ANA_STATE=optimized"

check "event_seq is there before anything is told" grep -Eqx '[0-9]+' "/sys/class/nvme/$ctrl/event_seq"
check "the daemon starts" systemctl start nvmpathd
check "it listens to uevents alone, before there was one" wait_for 5 sh -c \
	"busctl get-property io.github.nvmpath1 /io/github/nvmpath1 io.github.nvmpath1.Manager EventSources | grep -qx 'as 1 \"uevent\"'"
check "uevents is one of the kernel's features" sh -c \
	"busctl get-property io.github.nvmpath1 /io/github/nvmpath1 io.github.nvmpath1.Manager KernelFeatures | grep -q '\"uevents\"'"
check "the listener is there" listen

echo hold >"/sys/block/$path/admin_state"
check "a hold is told" wait_for 5 tell "$ctrl" "path_state:$name:NVME_PATH_STATE=held:$group:$seq:$nqn"
check "the daemon sees it" wait_for 5 sh -c "nvmpathctl show $path | grep -qw held"
echo online >"/sys/block/$path/admin_state"
check "a release is told" wait_for 5 tell "$ctrl" "path_state:$name:NVME_PATH_STATE=usable:$group:$seq:$nqn"
check "the daemon sees it" wait_for 5 sh -c "nvmpathctl show $path | grep -q 'usable: yes'"
echo online >"/sys/block/$path/admin_state"	# no transition

fabrics_ana 1 1 inaccessible
check "an ANA change is told" wait_for 5 tell "$ctrl" "ana:NVME_ANA_GRPID=1:NVME_ANA_STATE=inaccessible:$seq:$nqn"
check "the daemon sees it" wait_for 5 sh -c "nvmpathctl show $path | grep -q inaccessible"
fabrics_ana 1 1 optimized
check "and the next one" wait_for 5 tell "$ctrl" "ana:NVME_ANA_GRPID=1:NVME_ANA_STATE=optimized:$seq:$nqn"
check "the daemon sees it" wait_for 5 sh -c "nvmpathctl show $path | grep -q 'usable: yes'"
check_equal "one event for each" 2 "$(told_times "$ctrl" ana)"
check_equal "hold and release: one for each, too" 2 "$(told_times "$ctrl" path_state)"

ns=/sys/kernel/config/nvmet/subsystems/$FABRICS_NQN/namespaces/2/enable
second=$(path_of "$ctrl" 2)
echo 0 >$ns
check "a path that goes is told" wait_for 10 tell "$ctrl" "path_remove:NVME_PATH=$second:NVME_NSID=2:$seq:$nqn"
check "the daemon sees it" wait_for 10 sh -c "! nvmpathctl show $second"
echo 1 >$ns
# The target tells before it has enabled it: who is quick to look finds nothing new.
for c in $(controllers); do
	nvme ns-rescan "/dev/$c"
done
check "a path that comes is told" wait_for 10 tell "$ctrl" \
	"path_add:NVME_PATH=nvme[0-9]+c[0-9]+n[0-9]+:NVME_NSID=2:NVME_PATH_STATE=usable:NVME_ANA_GRPID=2:"
check "the daemon sees it" wait_for 10 sh -c "nvmpathctl show $(path_of "$ctrl" 2)"

echo 1 >"/sys/class/nvme/$ctrl/delete_controller"
check "a controller that goes tells of its paths" wait_for 10 tell "$ctrl" "path_remove:$name:$seq:$nqn"
check "and of its last state" tell "$ctrl" "ctrl_state:NVME_CTRL_STATE=deleting \(no IO\):$seq:$nqn"
fabrics_connect "${LAB_PORTS[0]}"
check "it comes back" wait_for 10 controllers_live
check "a controller that comes is told" wait_for 5 tell "$(ctrl_by_port "${LAB_PORTS[0]}")" \
	"ctrl_state:NVME_CTRL_STATE=live:"
check "each NVME_SEQ is one more than the last" awk -F'\t' '
	{ for (i = 3; i <= NF; i++) if (sub(/^NVME_SEQ=/, "", $i)) n = $i + 0
	  if (($2 in last) && n != last[$2] + 1 && n != 1) { print; bad = 1 }
	  last[$2] = n }
	END { exit bad }' $told
kill "$listener"
note "$(wc -l <$told) events"

note "more events than the daemon's socket holds, while it does not read"
ctrl=$(ctrl_by_port "${LAB_PORTS[0]}")
path=$(path_of "$ctrl" 1)
other=$(path_of "$(ctrl_by_port "${LAB_PORTS[1]}")" 2)
daemon=$(systemctl show -p MainPID --value nvmpathd)
drops() { awk -v pid="$daemon" '$2 == 15 && $3 == pid { print $9 }' /proc/net/netlink; }
# As long as one may be (UEVENT_BUFFER_SIZE), so that few are enough, and the watchdog waits.
long="change $(cat /proc/sys/kernel/random/uuid) LONG=$(head -c 1500 /dev/zero | tr '\0' x)"
kill -STOP "$daemon"
for ((i = 0; i < 1000; i++)); do echo "$long" >/sys/class/mem/null/uevent; done
was=$(drops)
check "its socket is full: $was were lost" [ "$was" -gt 0 ]
fabrics_ana 1 1 inaccessible
check "an ANA change" wait_for 5 grep -qx inaccessible "/sys/block/$path/ana_state"
echo hold >"/sys/block/$other/admin_state"
check "it and a hold are lost, too: $(drops)" [ "$(drops)" -ge $((was + 2)) ]
kill -CONT "$daemon"
check "the daemon sees the ANA change all the same" wait_for 5 sh -c \
	"nvmpathctl show $path | grep -q inaccessible"
check "and the hold" sh -c "nvmpathctl show $other | grep -qw held"
check_equal "it was not started again for that" "$daemon" "$(systemctl show -p MainPID --value nvmpathd)"
echo online >"/sys/block/$other/admin_state"
fabrics_ana 1 1 optimized
check "what comes then is seen as ever" wait_for 5 sh -c \
	"nvmpathctl show $path | grep -q 'usable: yes' && nvmpathctl show $other | grep -q 'usable: yes'"

note "a small storm"
export NVMPATH_FLIPS=1000
. /nvmpath/tests/integration/68-uevent-storm.sh
