#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 7.3-patched 6.12-patched-kasan
# with --all: 6.12-patched
# machine: pci
# All paths of a controller in one write; how the paths of a new one begin.
set -u
. /nvmpath/lab/guest/lib.sh

mapfile -t ctrls < <(controllers)
a=${ctrls[0]} b=${ctrls[1]}
subsys=$(subsys_dir)

ctrl_reads() { cat "/sys/class/nvme/$1/admin_state"; }
paths_read() { echo "$(admin_state "$(path_of "$1" 1)") $(admin_state "$(path_of "$1" 2)")"; }

check_equal "the controller's admin_state is online at first" online "$(ctrl_reads "$a")"
check_equal "it has mode 644" 644 "$(stat -c %a "/sys/class/nvme/$a/admin_state")"
check_equal "holding is EINVAL" EINVAL "$(write_ctrl_state "$a" holding)"
load_start
check_equal "hold is taken" ok "$(write_ctrl_state "$a" hold)"
check_equal "it reads hold" hold "$(ctrl_reads "$a")"
check_equal "both of its paths are held" "hold hold" "$(paths_read "$a")"
for nsid in 1 2; do
	check "path $nsid drains" wait_for 10 grep -qx drained \
		"/sys/block/$(path_of "$a" $nsid)/drain_state"
done
check_equal "hold of the other controller is EBUSY" EBUSY "$(write_ctrl_state "$b" hold)"
check_equal "and it reads online" online "$(ctrl_reads "$b")"
check_equal "and so do its paths" "online online" "$(paths_read "$b")"
check_equal "online is taken" ok "$(write_ctrl_state "$a" online)"
check_equal "both paths are online" "online online" "$(paths_read "$a")"
check_equal "drain_state is idle" idle "$(cat "/sys/block/$(path_of "$a" 1)/drain_state")"

note "one path of the other is held: the controller holds the last one of one head"
check_equal "hold of that path" ok "$(write_path_state "$(path_of "$b" 2)" hold)"
check_equal "hold of the controller is EBUSY" EBUSY "$(write_ctrl_state "$a" hold)"
check_equal "nothing changed" "online online" "$(paths_read "$a")"
check_equal "nor in the attribute" online "$(ctrl_reads "$a")"
check_equal "release of that path" ok "$(write_path_state "$(path_of "$b" 2)" online)"

note "paths that appear are as the controller is"
check_equal "hold is taken" ok "$(write_ctrl_state "$a" hold)"
abrupt_detach "$a" 1
check "namespace 1 is gone" wait_for 20 path_gone "$a" 1
attach "$a" 1
check "it comes back" wait_for 20 path_of "$a" 1
check_equal "held" "hold hold" "$(paths_read "$a")"
check "and drained" wait_for 10 grep -qx drained "/sys/block/$(path_of "$a" 1)/drain_state"
echo 1 >"/sys/class/nvme/$a/reset_controller"
check "a reset" wait_for 30 controllers_live
check_equal "the controller's hold survives it" "hold hold hold" "$(ctrl_reads "$a") $(paths_read "$a")"
check_equal "release" ok "$(write_ctrl_state "$a" online)"
check "its paths are usable" wait_for 10 path_back "$a" 1
load_stop
check_load "holds of a controller"

note "a controller that joins"
check_equal "new_path_admin_state is online at first" online "$(cat "$subsys/new_path_admin_state")"
check_equal "anything else is EINVAL" EINVAL "$(write_word "$subsys/new_path_admin_state" held)"
check_equal "hold is taken" ok "$(write_word "$subsys/new_path_admin_state" hold)"
check_equal "those that are there are not touched" "online online" "$(paths_read "$a")"
load_start
bridge=$(pci_remove "$a")
check "a controller goes" wait_for 20 controller_count 1
pci_rescan "$bridge"
check "and comes back" wait_for 30 controllers_live
a=$(controllers | head -n 1)
check "with both paths" wait_for 20 path_of "$a" 2
check_equal "it begins held" "hold hold hold" "$(ctrl_reads "$a") $(paths_read "$a")"
check_equal "nothing was ever sent there" 0 "$(requests_of "$(path_of "$a" 1)")"
check_equal "release" ok "$(write_ctrl_state "$a" online)"
load_stop
check_load "a controller that begins held"
check_equal "online again" ok "$(write_word "$subsys/new_path_admin_state" online)"
