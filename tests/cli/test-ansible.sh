#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The role of contrib/ansible on local connections: two "hosts" that are nvmpathd on a
# tree of plain files, and a removal that is restored, by the stand-in daemon.
# test-ansible.sh NVMPATHCTL FAKE-NVMPATHD NVMPATHD SCENARIO
set -u
for tool in ansible-playbook dbus-daemon busctl; do
	command -v $tool >/dev/null || { echo "no $tool"; exit 77; }
done
ctl=$(realpath "$1") fake=$(realpath "$2") daemon=$(realpath "$3") scenario=$(realpath "$4")
here=$(cd "${0%/*}" && pwd)
contrib=$here/../../contrib/ansible
T=$(mktemp -d /tmp/nvmpath-ansible-XXXXXX)
bad=0 busd='' service=''

cleanup()
{
	# shellcheck disable=SC2086
	kill $service $busd 2>/dev/null
	wait 2>/dev/null
	rm -rf "$T"
}
trap cleanup EXIT

within() # COMMAND...
{
	local i

	for ((i = 0; i < 600; i++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	echo "never: $*"
	exit 1
}

ok() { echo "ok - $1"; }
not_ok()
{
	echo "not ok - $1"
	tail -n 40 "$T/play" | sed 's/^/#   /'
	bad=1
}
verify() { local what=$1; shift; if "$@"; then ok "$what"; else not_ok "$what"; fi; }
log_is() { [ "$(cat "$T/log" 2>/dev/null)" = "$1" ]; }
state_is() { [ "$(cat "$SYS/nvme1/nvme0c1n1/admin_state")" = "$1" ]; }
says() { grep -q "$1" "$T/play"; }
says_not() { ! says "$1"; }

# play ARG...: its exit code; what the callbacks wrote is $T/log
play()
{
	rm -f "$T/log"
	timeout --foreground 200 ansible-playbook -i "$T/hosts" "$contrib/maintenance.yml" "$@" \
		>"$T/play" 2>&1
}

cat >"$T/bus.conf" <<X
<busconfig><type>session</type><listen>unix:path=$T/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/>
<allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
X
dbus-daemon --config-file="$T/bus.conf" --nofork --nopidfile 2>/dev/null & busd=$!
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$T/bus LC_ALL=C.UTF-8 PATH=${ctl%/*}:$PATH
within busctl --system list
export ANSIBLE_HOME=$T/ansible ANSIBLE_LOCAL_TEMP=$T/tmp ANSIBLE_REMOTE_TEMP=$T/remote
export ANSIBLE_ROLES_PATH=$contrib/roles ANSIBLE_RETRY_FILES_ENABLED=0 ANSIBLE_NOCOLOR=1
: >"$T/ansible.cfg"
export ANSIBLE_CONFIG=$T/ansible.cfg
cat >"$T/hosts" <<X
[all]
alpha ansible_connection=local ansible_python_interpreter=/usr/bin/python3
beta ansible_connection=local ansible_python_interpreter=/usr/bin/python3
X
cat >"$T/look.yml" <<X
- name: Look at what is held
  ansible.builtin.shell: echo "{{ inventory_hostname }} \$(cat $T/sys/class/nvme/nvme1/nvme0c1n1/admin_state)" >>$T/log
X
cat >"$T/fail.yml" <<X
- name: Go wrong
  ansible.builtin.shell: echo "{{ inventory_hostname }} fails" >>$T/log; false
X

mkdir "$T/sys" "$T/run"
. "$here/../bus/fake-sysfs.sh"
fake_pair "$T/sys" patched
SYS=$T/sys/class/nvme
"$daemon" --sysfs="$T/sys" --run-dir="$T/run" --poll-interval=50 --log-level=err 2>/dev/null &
service=$!
within nvmpathctl list

play -e nvmpath_object=nvme1 -e nvmpath_callback="$T/look.yml"
verify "a maintenance ends well" [ $? = 0 ]
verify "one host after the other, the path held meanwhile" log_is "alpha hold
beta hold"
verify "and released at the end" state_is online

play -e nvmpath_object=nvme1 -e nvmpath_callback="$T/fail.yml"
verify "a callback that fails is a failure" [ $? != 0 ]
verify "the next host is not touched" log_is "alpha fails"
verify "and what was drained is released" state_is online

nvmpathctl hold nvme0 -q
for n in 1 2; do echo held >"$SYS/nvme0/nvme0c0n$n/path_state"; done
within sh -c 'nvmpathctl check | grep -q ^CRITICAL'
play -e nvmpath_object=nvme1 -e nvmpath_callback="$T/look.yml"
verify "a plan that would be refused ends it" [ $? != 0 ]
verify "with the reason" says 'nvme1 may not be taken out of use: without nvme1 no usable path'
verify "and nothing was begun" [ ! -e "$T/log" ]

kill "$service"
wait "$service" 2>/dev/null
python3 - "$scenario" "$T/scenario.json" <<'X'
import json, re, sys
d = json.loads(re.sub(r'"@NOW-\d+@"', "0", open(sys.argv[1]).read()))
d["methods"]["nvme1.Remove"] = {"removal": "25"}
json.dump(d, open(sys.argv[2], "w"))
X
"$fake" "$T/scenario.json" >"$T/ready" 2>/dev/null &
service=$!
within grep -q ready "$T/ready"
play -l alpha -e nvmpath_object=nvme1 -e nvmpath_mode=remove -e nvmpath_callback="$T/look.yml"
verify "what was removed is restored" [ $? = 0 ]
verify "by its number" \
	[ "$(nvmpathctl list removal --no-legend -o id,state | grep 25)" = "25 restored" ]
exit $bad
