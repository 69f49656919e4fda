#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# nvmpathctl -H through a real ssh: sshd with keys of its own and a system bus with
# the stand-in daemon, in namespaces that nobody else sees; nothing of it is the host's.
# test-ssh.sh NVMPATHCTL FAKE-NVMPATHD SCENARIO
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
need sshd ssh ssh-keygen systemd-stdio-bridge dbus-daemon busctl unshare ip
if [ -z "${NVMPATH_IN_NAMESPACE:-}" ]; then
	unshare -mnpf true 2>/dev/null || { echo "no namespaces here"; exit 77; }
	NVMPATH_IN_NAMESPACE=1 exec unshare -mnpf --mount-proc --kill-child "$0" "$@"
fi
ctl=$(realpath "$1") fake=$(realpath "$2") scenario=$(realpath "$3")
begin

evidence() { cat "$T/out" 2>/dev/null; tail -n 5 "$T"/*.log; }

# expect WHAT EXIT PATTERN ARG...: nvmpathctl ARG... ends so and says that
expect()
{
	local what=$1 code=$2 pattern=$3 got

	shift 3
	timeout --foreground 120 nvmpathctl "$@" >"$T/out" 2>&1 </dev/null
	got=$?
	echo "exit $got" >>"$T/out"
	if [ $got = "$code" ] && grep -Eq -- "$pattern" "$T/out"; then
		ok "$what"
	else
		not_ok "$what"
	fi
}

# A host of its own: /run with the bus where the bridge looks for it, and a loopback.
mount -t tmpfs tmpfs /run && mkdir -p /run/dbus /run/sshd || exit 77
ip link set lo up || exit 77
# Commands through ssh run in the login shell: one that reads no file of the user's,
# who may start whatever they like in ~/.bashrc.
sed 's|^\(root:.*:\)[^:]*$|\1/bin/sh|' /etc/passwd >"$T/passwd"
mount --bind "$T/passwd" /etc/passwd || exit 77
start_bus system /run/dbus/system_bus_socket
unset DBUS_SYSTEM_BUS_ADDRESS
start_fake "$fake" "$scenario"

ssh-keygen -q -t ed25519 -N '' -f "$T/host" && ssh-keygen -q -t ed25519 -N '' -f "$T/user" &&
	ssh-keygen -q -t ed25519 -N '' -f "$T/stranger" || exit 1
cat >"$T/sshd_config" <<X
ListenAddress 127.0.0.1
HostKey $T/host
AuthorizedKeysFile $T/user.pub
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
X
start "$T/sshd.log" "$(command -v sshd)" -D -e -f "$T/sshd_config"
echo "* $(cat "$T/host.pub")" >"$T/known_hosts"
cat >"$T/ssh_config" <<X
Host stranger
	IdentityFile $T/stranger
Host closed
	Port 9
Host * !stranger
	IdentityFile $T/user
Host *
	HostName 127.0.0.1
	IdentitiesOnly yes
	UserKnownHostsFile $T/known_hosts
	BatchMode yes
	LogLevel ERROR
	KexAlgorithms curve25519-sha256
X
# ssh's own configuration is the user's, whatever HOME says.
mkdir "$T/bin"
printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$T/ssh_config" >"$T/bin/ssh"
chmod +x "$T/bin/ssh"
export LC_ALL=C TZ=UTC PATH=$T/bin:${ctl%/*}:$PATH
must_come ssh localhost true

expect "list through ssh" 0 '^nvme1c10n1$' -H localhost list --no-legend -o path
expect "a verdict" 0 '^OK: 2 of 2 paths usable' -H localhost check nvme0n1
expect "show and its history" 0 'last events: .*ctrl_down' -H localhost show nvme1c10n1
expect "a drain to its end" 0 '^drained nvme2: ' -H localhost drain nvme2
# ssh does not take this variable along
export HERE=yes
# shellcheck disable=SC2016
expect "the command of with-held runs here" 3 '^here=yes$' \
	-H localhost with-held nvme2 -q -- sh -c 'echo here=$HERE; exit 3'
expect "doctor knows who we are there" 1 'you are root|you are not root' -H localhost doctor
expect "two hosts, lines with their names" 0 '^beta: OK' -H alpha,beta check nvme0n1
expect "the worst exit code of two" 3 '^closed: .*cannot be reached on closed' \
	-H alpha,closed check nvme0n1
expect "both plan before they hold" 0 '^beta: Held nvme1' -H alpha,beta hold nvme1
expect "none holds unless both may" 4 'nothing was changed on any' -H alpha,beta hold nvme0
expect "a port where nobody listens" 7 'cannot be reached on closed' -H closed status
expect "a key that is not known there" 7 'cannot be reached on stranger' -H stranger status

nvmpathctl -H localhost monitor -n 1 >"$T/out" 2>&1 &
monitor=$!
must_come "$here/bin/is-listening"
"$here/bin/fake-call" Emit
wait $monitor
verify "monitor tells an event" grep -q 'nvme1c4n1 .*usable -> ctrl_down' "$T/out"
exit $bad
