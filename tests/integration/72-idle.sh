#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# with --all: 7.3-patched
# machine: fabrics
# While nothing happens the daemon and its helper wake for systemd's watchdog alone. With
# four paths to two namespaces the daemon takes 2 MiB of anonymous memory at most, after a tree.
set -u
. /nvmpath/lab/guest/lib.sh

secs=40
main_pid() { systemctl show -p MainPID --value "$1"; }

# $1 process: how often its threads have gone to sleep so far
wakeups() { awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n }' "/proc/$1/task/"*/status; }

# $1 process, $2 line of its status: kB
memory() { awk -v want="$2:" '$1 == want { print $2 }' "/proc/$1/status"; }

daemon_start
daemon=$(daemon_pid) helper=$(main_pid nvmpath-helper)
path=$(path_of "$(controllers | head -n 1)" 1)
check_exit "a path is held" 0 "" nvmpathctl hold "$path"
check_exit "and released" 0 "" nvmpathctl release "$path"
check_exit "a tree is asked for" 0 "$path" nvmpathctl tree
anon=$(memory "$daemon" RssAnon)
note "nvmpathd: $anon kB of anonymous memory, $(memory "$daemon" VmHWM) kB in all at most"
check "four paths to two namespaces: $anon kB of 2048" [ "$anon" -le 2048 ]
sleep 5
before=$(wakeups "$daemon") helpers=$(wakeups "$helper")
sleep $secs
# base/notify.c tells the watchdog after half of WatchdogSec= at the earliest
most=$((secs / ($(systemctl show -p WatchdogUSec --value nvmpathd | sed 's/s$//') / 2) + 1))
woken=$(($(wakeups "$daemon") - before)) helpers=$(($(wakeups "$helper") - helpers))
check "the daemon was woken $woken times in $secs s, by the watchdog $most at most" \
	[ "$woken" -le $most ]
check "and its helper $helpers times" [ "$helpers" -le $most ]
check_equal "they are the same processes" "$daemon $helper" "$(daemon_pid) $(main_pid nvmpath-helper)"
