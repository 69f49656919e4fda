#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The role of contrib/ansible on local connections: two "hosts" that are nvmpathd on a
# tree of plain files, and a removal that is restored, by the stand-in daemon.
# test-ansible.sh NVMPATHCTL FAKE-NVMPATHD NVMPATHD SCENARIO
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
need ansible-playbook dbus-daemon busctl
ctl=$(realpath "$1") fake=$(realpath "$2") daemon=$(realpath "$3") scenario=$(realpath "$4")
contrib=$here/../../contrib/ansible
begin

evidence() { tail -n 40 "$T/play"; }
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

start_bus session "$T/bus"
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$T/bus LC_ALL=C.UTF-8 PATH=${ctl%/*}:$PATH
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
start "$T/daemon.log" "$daemon" --sysfs="$T/sys" --run-dir="$T/run" --poll-interval=50 \
	--log-level=err
service=$!
must_come nvmpathctl list

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
must_come sh -c 'nvmpathctl check | grep -q ^CRITICAL'
play -e nvmpath_object=nvme1 -e nvmpath_callback="$T/look.yml"
verify "a plan that would be refused ends it" [ $? != 0 ]
verify "with the reason" says 'nvme1 may not be taken out of use: without nvme1 no usable path'
verify "and nothing was begun" [ ! -e "$T/log" ]

end "$service"
python3 - "$scenario" "$T/scenario.json" <<'X'
import json, re, sys
d = json.loads(re.sub(r'"@NOW-\d+@"', "0", open(sys.argv[1]).read()))
d["methods"]["nvme1.Remove"] = {"removal": "25"}
json.dump(d, open(sys.argv[2], "w"))
X
start_fake "$fake" "$T/scenario.json"
play -l alpha -e nvmpath_object=nvme1 -e nvmpath_mode=remove -e nvmpath_callback="$T/look.yml"
verify "what was removed is restored" [ $? = 0 ]
verify "by its number" \
	[ "$(nvmpathctl list removal --no-legend -o id,state | grep 25)" = "25 restored" ]
exit $bad
