#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A kernel without admin_state: observe, and change nothing.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

start_bus
mkdir -p "$T/sys"
start_daemon
equal "without paths nothing is known of the kernel" 's "unknown"' \
	"$(bc get-property $NAME $ROOT $NAME.Manager Protection)"
equal "nor what it lacks" 'as 0' \
	"$(bc get-property $NAME $ROOT $NAME.Manager KernelMissing)"
fake_pair "$T/sys" stock
becomes "paths that appear are seen" nvme0c1n2 Usable true
equal "the kernel is only observed" 's "observe"' \
	"$(bc get-property $NAME $ROOT $NAME.Manager Protection)"
equal "what it lacks is named" 'as 6 "admin_state" "path_state" "bio_redirect_count" "diag" "drain_state" "new_path_admin_state"' \
	"$(bc get-property $NAME $ROOT $NAME.Manager KernelMissing)"
equal "the path's state is derived" usable "$(property nvme0c0n1 PathState)"
for verb in "Hold st x 0" "Release t 0" "Drain tst 0 x 0" "Remove tst 0 x 0"; do
	for object in nvme0c0n1 nvme0; do
		# shellcheck disable=SC2086
		out=$(call $object $verb)
		case $out in
		*admin_state*) ok "${verb%% *} of $object says what is missing" ;;
		*) not_ok "$verb of $object: $out" ;;
		esac
	done
done
equal "no record was written" 0 "$(find "$T/run" -name '*.json' | wc -l)"
equal "no file was made" 0 "$(find "$T/sys" -name admin_state | wc -l)"
equal "it is nobody's in particular" 'as 0' \
	"$(bc get-property $NAME $ROOT $NAME.Manager KernelFeatures)"
put "$T/sys/module/nvme_core/version" 1.0-nvmpath-modules
equal "nvmpath's modules without its block layer are recognised" 'as 1 "modules_alone"' \
	"$(bc get-property $NAME $ROOT $NAME.Manager KernelFeatures)"
put "$T/sys/class/nvme/nvme0/nvme0c0n1/ana_state" inaccessible
becomes "an ANA change is seen" nvme0c0n1 PathState ana_inaccessible
put "$T/sys/class/nvme/nvme0/state" connecting
becomes "a controller that is away, too" nvme0c0n2 PathState ctrl_down
rm -rf "$T/sys/class/nvme"
becomes "all paths gone: unknown again" nvme0n1 UsablePaths 0
equal "the head is still there" nvme0n1 "$(property nvme0n1 Name)"
finish
