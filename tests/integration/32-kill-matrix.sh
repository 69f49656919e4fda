#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# limit: 1800 s
# The installed service is killed with SIGKILL before every deed of a removal of a path,
# and systemd starts it again, under load; and of a removal that cannot drain, while it
# waits and runs out of time. With drains, holds, releases, restores and controllers, and
# with those that recover killed too, it is 33-kill-matrix-long.
set -u
. /nvmpath/lab/guest/lib.sh

read -rd "" -a walks <<<"${NVMPATH_WALKS:-remove/path}"
read -rd "" -a stuck_walks <<<"${NVMPATH_STUCK_WALKS:-late/path}"
dir=/run/nvmpath-kill
drop_in=/run/systemd/system/nvmpathd.service.d

# kill.c is preloaded into it alone; of each that dies systemd keeps the records.
install_killer() {
	mkdir -p $dir $drop_in
	cat >$drop_in/killer.conf <<-END
	[Service]
	ExecStart=
	ExecStart=/usr/bin/env LD_PRELOAD=/usr/lib/nvmpath-lab/libnvmpath-kill.so NVMPATH_KILL_AT=$dir/at NVMPATH_KILL_LOG=$dir/deeds /usr/lib/nvmpath/nvmpathd --log-level=debug
	ExecStopPost=/bin/cp -rT /run/nvmpath $dir/death-\${INVOCATION_ID}
	ReadWritePaths=$dir
	END
	systemctl daemon-reload
}

# $@ kinds, with their objects after a slash
walk() {
	python3 -B /nvmpath/tests/kill/lab.py $dir "$LAB_NQN" "${@//\// }" ||
		not_ok "the matrix is walked to its end"
}

mapfile -t ctrls < <(controllers)
set_policy round-robin
install_killer
daemon_start
load_start
walk "${walks[@]}"
load_stop
check_load "daemons killed"
check_equal "no I/O was stuck" 0 "$(load_value stuck)"
check "the slowest I/O took less than 5 s ($(load_value longest_us) us)" \
	[ "$(load_value longest_us)" -lt 5000000 ]

note "a completion is lost: a drain does not end"
mapfile -t ctrls < <(controllers)	# those that went have new names
path=$(path_of "${ctrls[0]}" 1)
echo 600000 >"/sys/block/$path/queue/io_timeout"
load_start
lose_completions "$path"
sleep 1
walk "${stuck_walks[@]}"
lose_no_more "$path" "${ctrls[0]}"
load_stop
check_load "daemons killed in drains that do not end"
check_equal "no I/O was stuck" 0 "$(load_value stuck)"
check_equal "nothing is left held" 0 "$(grep -l hold /sys/block/nvme*c*/admin_state | wc -l)"
check_exit "status after it" 0 "" nvmpathctl status


sort -u $dir/cells >/tmp/hit
/usr/lib/nvmpath-lab/removal-cells | sort >/tmp/table
note "no daemon died in $(comm -13 /tmp/hit /tmp/table | tr '\n' ',')"
hit=$(comm -12 /tmp/hit /tmp/table | wc -l)
check "daemons died in $hit of the $(wc -l </tmp/table) cells of the core's table" \
	[ "$hit" -ge "${NVMPATH_CELLS:-7}" ]
systemctl stop nvmpathd
rm $drop_in/killer.conf
systemctl daemon-reload
