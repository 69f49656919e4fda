#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Several controllers return as one removal: what does not come holds up no other.
# The test is the kernel where it says so, and sets the clock of the daemon, with
# tests/kill/kill.c (KILLER), whose other arts are not used.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }
reads() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }
is_admin() { reads "$nvme/$1/admin_state" "$2"; }
check() { if within 2 "${@:2}"; then ok "$1"; else not_ok "$1"; fi; }
nvme=$T/sys/class/nvme subsys=$T/sys/class/nvme-subsystem/nvme-subsys0

cat >"$T/daemon" <<END
#!/bin/sh
exec env LD_PRELOAD="$KILLER" NVMPATH_KILL_CLOCK="$T/clock" \\
	ASAN_OPTIONS="\${ASAN_OPTIONS:-}:verify_asan_link_order=0" "$NVMPATHD" "\$@"
END
chmod 755 "$T/daemon"
NVMPATHD=$T/daemon

ahead=0
later() # SECONDS
{
	ahead=$((ahead + $1))
	put "$T/clock" "0 $ahead"
}

remove() # WHAT ID: both controllers at eth2
{
	start_kernel
	within 10 is nvme0n1 UsablePaths 4
	within 10 is nvme0n2 UsablePaths 4
	manager Remove stst host-iface=eth2 30000000 x 0 >/dev/null
	becomes "$1" "$2" State detached
	stop_kernel
}

come() # NAME [NEW-NAME]: it is seen, and connects; its paths are born as BORN says
{
	local gone=$T/gone.$1 as=${2:-$1} p

	put "$gone/delete_controller" ""
	put "$gone/state" connecting
	for p in "$gone"/nvme0c*n*; do
		put "$p/admin_state" "${BORN:-online}"
		put "$p/path_state" ctrl_down
		[ "$as" = "$1" ] || mv "$p" "$gone/nvme0c${as#nvme}n${p##*n}"
	done
	mv "$gone" "$nvme/$as"
	ln -s "../../nvme/$as" "$subsys/$as"
	within 5 is "$as" State connecting || not_ok "$as is not seen"
}

works() # NAME: it is live, and each of its paths what the hold leaves of it
{
	local p

	put "$nvme/$1/state" live
	for p in "$nvme/$1"/nvme0c*n*; do
		if reads "$p/admin_state" hold; then
			put "$p/path_state" held
		else
			put "$p/path_state" usable
		fi
	done
}

down() # NAME
{
	local p

	for p in "$nvme/$1"/nvme0c*n*; do
		put "$p/path_state" ctrl_down
	done
}

released() # WHAT NAME [NUMBER]: its paths are, and then they work
{
	local n

	for n in ${3:-1 2}; do
		within 8 is_admin "$2/nvme0c${2#nvme}n$n" online ||
			{ not_ok "$1: path $n of $2 is not released"; return; }
	done
	ok "$1"
	works "$2"
}

written() { stat -c %y "$nvme/$1"/*/admin_state; }

start_bus
fake_pair "$T/sys"
for c in 2 3; do
	fake_controller "$T/sys" nvme-subsys0 nvme$c tcp \
		"traddr=10.0.0.$c,trsvcid=4420,host_iface=eth2"
	for n in 1 2; do fake_path "$T/sys" nvme$c nvme0c${c}n$n $n; done
done
start_daemon

remove "two controllers are removed" 1
come nvme3
call 1 Restore t 0 >/dev/null
becomes "the second one is there, and does not wait for the first" nvme0c3n2 HoldReason returning
works nvme3
released "it is released" nvme3
becomes "the first one cannot be connected" 1 State failed
case $(property 1 Detail) in
"nvme2 is not back: this is not the kernel"*sysfs) ok "and is named" ;;
*) not_ok "detail: $(property 1 Detail)" ;;
esac
equal "with its error" 19 "$(property 1 Errno)"
equal "nothing is held" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"
equal "it may be tried again" true "$(property 1 CanRestore)"
before=$(written nvme3)
call 1 Restore t 0 >/dev/null
within 5 is 1 State failed
equal "which leaves the second one alone" "failed $before" "$(property 1 State) $(written nvme3)"
come nvme2 nvme5
call 1 Restore t 0 >/dev/null
becomes "once the first one can come" nvme0c5n1 HoldReason returning
works nvme5
released "it is released, too" nvme5
becomes "and all is restored" 1 State restored
equal "under another name" "nvme2 came back as nvme5" "$(property 1 Detail)"

remove "once more" 2
mv "$T/gone.nvme3/nvme0c3n2" "$T/deleted"
come nvme3
come nvme5
call 2 Restore t 0 >/dev/null
becomes "a namespace was deleted meanwhile" nvme0c3n1 HoldReason returning
works nvme3
released "the other one is not held for that" nvme3 1
becomes "nor does the other controller wait" nvme0c5n2 HoldReason returning
works nvme5
released "which returns as ever" nvme5
sleep 0.5
equal "the namespace may still come" restoring "$(property 2 State)"
later 31
becomes "but not for ever" 2 State failed
equal "it is named" "nvme3 has no path to nvme0n2" "$(property 2 Detail)"
equal "with an error" 110 "$(property 2 Errno)"
before="$(written nvme3) $(written nvme5)"
call 2 Restore t 0 >/dev/null
becomes "it is tried again" 2 State restoring
sleep 0.3
equal "with nothing held that works" "$before" "$(written nvme3) $(written nvme5)"
put "$T/deleted/path_state" ns_not_ready
put "$T/deleted/admin_state" online
mv "$T/deleted" "$nvme/nvme3/nvme0c3n2"
becomes "now the namespace comes" nvme0c3n2 HoldReason returning
works nvme3
released "is released" nvme3
becomes "and all is restored" 2 State restored

remove "and again" 3
come nvme3
come nvme5
call 3 Restore t 0 >/dev/null
becomes "one that connects for ever" nvme0c3n1 HoldReason returning
later 31
becomes "has its time, then comes the next" nvme0c5n1 HoldReason returning
check "what it holds is let go" is_admin nvme3/nvme0c3n1 online
stop_daemon KILL
start_daemon
equal "the next daemon goes on" "restoring returning" \
	"$(property 3 State) $(property nvme0c5n1 HoldReason)"
becomes "with all of it" nvme0c3n1 HoldReason returning
down nvme0
down nvme1
check "where no other path is left it is let go" is_admin nvme3/nvme0c3n1 online
check "whosever turn it is" is_admin nvme5/nvme0c5n1 online
sleep 0.3
equal "nor is it again" "online online restoring" \
	"$(admin nvme3 nvme0c3n1) $(admin nvme5 nvme0c5n2) $(property 3 State)"
works nvme5
works nvme3
becomes "at the end all is there" 3 State restored

works nvme0
works nvme1
remove "the last time" 4
come nvme3
down nvme0
down nvme1
within 5 is nvme0n1 UsablePaths 0
call 4 Restore t 0 >/dev/null
within 5 is 4 State restoring
sleep 0.3
equal "what is needed at once is not held at all" online "$(admin nvme3 nvme0c3n1)"
works nvme3
becomes "whatever becomes of the other" 4 State failed
come nvme5
put "$nvme/nvme5/state" deleting
within 5 is nvme5 State deleting
call 4 Restore t 0 >/dev/null
within 5 is 4 State restoring
sleep 0.2
equal "one that is still on its way out" restoring "$(property 4 State)"
mv "$nvme/nvme5" "$T/gone.nvme5"
rm "$subsys/nvme5"
becomes "is connected once it is gone" 4 State failed
equal "if it can be" 19 "$(property 4 Errno)"

come nvme5
works nvme5
works nvme0
works nvme1
remove "with one that comes late" 5
come nvme5
call 5 Restore t 0 >/dev/null
becomes "the one that is there comes first" nvme0c5n1 HoldReason returning
put "$nvme/nvme5/state" live	# its paths are not ready yet
within 5 is nvme5 State live
sleep 0.3
later 4
check "the other is given up" grep -q "Removal 5: nvme3 is not back.*going on without" "$T/log"
BORN=hold come nvme3
check "what it is born with is let go when it comes" is_admin nvme3/nvme0c3n1 online
check "all of it" is_admin nvme3/nvme0c3n2 online
equal "in the middle of the restore" restoring "$(property 5 State)"
works nvme3
works nvme5
becomes "which ends well after all" 5 State restored
equal "no record of a hold is left" 0 "$(find "$T/run" -name 'hold-*.json' | wc -l)"
finish
