# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A bus of our own, a tree that looks like sysfs, and nvmpathd between them.
# Source with NVMPATHD set; everything lives in $T and ends with the script.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/bus/fake-sysfs.sh
. "$here/fake-sysfs.sh"

if [ "$(id -u)" != 0 ]; then
	echo "the daemon's verbs are root's"; exit 77
fi
for tool in dbus-daemon busctl; do
	command -v $tool >/dev/null || { echo "no $tool"; exit 77; }
done

T=$(mktemp -d /tmp/nvmpath-bus-XXXXXX)
ADDRESS=unix:path=$T/bus
NAME=io.github.nvmpath1
ROOT=/io/github/nvmpath1
HELPER=${NVMPATHD%/*}/nvmpath-helper
bad=0 daemon_options=() daemon='' kernel='' busd='' helper=''

cleanup()
{
	# shellcheck disable=SC2086
	kill $daemon $kernel $busd $helper 2>/dev/null
	wait 2>/dev/null
	rm -rf "$T"
}
trap cleanup EXIT

ok() { echo "ok - $*"; }
not_ok() { echo "not ok - $*"; bad=1; }

equal() # WHAT WANTED FOUND
{
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: wanted '$2', found '$3'"; fi
}

start_bus()
{
	cat >"$T/bus.conf" <<EOF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>$ADDRESS</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
EOF
	chmod 755 "$T"
	dbus-daemon --config-file="$T/bus.conf" --nofork --nopidfile 2>"$T/bus.log" &
	busd=$!
	within 5 test -S "$T/bus" || { cat "$T/bus.log"; exit 1; }
}

within() # SECONDS COMMAND...: times NVMPATH_PATIENCE, on a machine with much to do
{
	local end=$((SECONDS + $1 * ${NVMPATH_PATIENCE:-1}))

	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.02
	done
}

start_helper() # [COMMAND...]: in its place
{
	rm -f "$T/helper"
	"${@:-$HELPER}" --socket="$T/helper" 2>>"$T/helper.log" &
	helper=$!
	within 5 test -S "$T/helper" || { cat "$T/helper.log"; exit 1; }
}

end_helper()
{
	kill -KILL "$helper"
	wait "$helper" 2>/dev/null
	helper=''
	rm -f "$T/helper"
}

start_daemon()
{
	[ -n "$helper" ] || start_helper
	"$NVMPATHD" --sysfs="$T/sys" --run-dir="$T/run" --bus="$ADDRESS" --helper="$T/helper" \
		--poll-interval=50 --log-level=debug "${daemon_options[@]}" 2>>"$T/log" &
	daemon=$!
	within 10 bc get-property $NAME $ROOT $NAME.Manager Version ||
		{ echo "the daemon did not come up"; cat "$T/log"; exit 1; }
}

stop_daemon() # SIGNAL
{
	local code=0

	kill -"$1" "$daemon"
	wait "$daemon" 2>/dev/null || code=$?
	daemon=''
	[ "$1" = KILL ] || equal "the daemon ends cleanly" 0 $code
}

# What the kernel does when admin_state or delete_controller is written.
start_kernel()
{
	/usr/bin/python3 -B "$here/fake-kernel.py" "$T/sys" "$T/gone" &
	kernel=$!
}

stop_kernel()
{
	kill "$kernel"
	wait "$kernel" 2>/dev/null
	kernel=''
}

bc() { busctl --address="$ADDRESS" --timeout=20 "$@"; }

object() # KERNEL-NAME or removal id: its path
{
	case $1 in
	nvme*c*n*) echo "$ROOT/path/$1" ;;
	nvme-subsys*) echo "$ROOT/subsystem/${1/-/_2d}" ;;
	nvme*n*) echo "$ROOT/namespace/$1" ;;
	nvme*) echo "$ROOT/controller/$1" ;;
	*) echo "$ROOT/removal/_3$1" ;;
	esac
}

interface() # KERNEL-NAME
{
	case $1 in
	nvme*c*n*) echo $NAME.Path ;;
	nvme-subsys*) echo $NAME.Subsystem ;;
	nvme*n*) echo $NAME.Namespace ;;
	nvme*) echo $NAME.Controller ;;
	*) echo $NAME.Removal ;;
	esac
}

call() # OBJECT METHOD [SIGNATURE ARG...]: what it answers, or its error's text
{
	local object=$1

	shift
	bc call $NAME "$(object "$object")" "$(interface "$object")" "$@" 2>&1
}

property() # OBJECT PROPERTY: the value alone
{
	bc get-property $NAME "$(object "$1")" "$(interface "$1")" "$2" 2>/dev/null |
		sed -E 's/^[a-z]+ //; s/^"(.*)"$/\1/'
}

is() { [ "$(property "$1" "$2")" = "$3" ]; }

becomes() # WHAT OBJECT PROPERTY VALUE
{
	if within 10 is "$2" "$3" "$4"; then
		ok "$1"
	else
		not_ok "$1: $2 $3 is '$(property "$2" "$3")', not '$4'"
	fi
}

admin() { cat "$T/sys/class/nvme/$1/$2/admin_state"; }

finish()
{
	[ -z "$daemon" ] || stop_daemon TERM
	[ $bad = 0 ] || { echo "--- the daemon's log:"; cat "$T/log"; }
	exit $bad
}

# Its memory and its time are not what users have.
sanitized() { grep -q __asan_init "$NVMPATHD"; }
