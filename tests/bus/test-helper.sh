#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The process that sends admin commands: what it refuses, what becomes of a removal
# of a single path with it, without it, and where it goes in the middle.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

python=/usr/bin/python3
[ -x $python ] || { echo "no Python"; exit 77; }

# ---- the real one
start_helper
$python "$here/talk-nonsense.py" "$T/helper" >"$T/findings"
equal "it takes commands, and of these those alone that are meant for it" \
"hello: 0
identify without a node: -25
identify of another device: -25
detach from a file: -25
two nodes: closed
many nodes: closed
a node with nothing: closed
all namespaces: closed
no namespace: closed
no controller id: closed
another version: closed
another magic: closed
an unknown kind: closed
half a command: closed
a text without an end: closed
a text that says it is longer: closed
more text than fits: closed
users: 0" "$(cat "$T/findings")"
fds=$(find "/proc/$helper/fd" -type l | wc -l)
$python "$here/talk-nonsense.py" "$T/helper" >/dev/null
within 2 eval '[ "$(find "/proc/$helper/fd" -type l | wc -l)" -le '"$fds"' ]' &&
	ok "and keeps none of the descriptors" || not_ok "it keeps descriptors: $(ls -l "/proc/$helper/fd")"
if sanitized; then
	echo "# its memory is not judged with sanitizers"
else
	locked=$(awk '/^VmLck/ { print $2 }' "/proc/$helper/status")
	if [ "${locked:-0}" -gt 4000 ]; then
		ok "its memory is locked: $locked kB"
	else
		not_ok "its memory is not locked: $locked kB"
	fi
fi
if [ "$(setpriv --reuid=65534 --clear-groups $python "$here/talk-nonsense.py" "$T/helper" 2>&1 | grep -c Permission)" -gt 0 ]; then
	ok "others than root are not let in"
else
	not_ok "others than root are let in"
fi

# ---- a daemon over a tree whose nodes are no controllers
start_bus
fake_pair "$T/sys"
mkdir "$T/sys/dev"
for c in 0 1; do
	ln -s /dev/null "$T/sys/dev/nvme$c"
	put "$T/sys/class/nvme/nvme$c/dev" 1:3
done
start_kernel
start_daemon
helper_is() { [ "$(bc get-property $NAME $ROOT $NAME.Manager Helper)" = "s \"$1\"" ]; }
check() { if within 10 "${@:2}"; then ok "$1"; else not_ok "$1"; fi; }
status() { [ "$(property "$1" State)" = "$2" ]; }
remove() { bc call $NAME $ROOT $NAME.Manager Remove stst nvme0c1n1 0 x 0 2>&1; }

check "the daemon sees that it is there" helper_is there
remove >/dev/null
becomes "a node that is not a controller's is not commanded" 1 State refused
case $(property 1 Detail) in
*"Inappropriate ioctl"*) ok "and the refusal says why" ;;
*) not_ok "the refusal says '$(property 1 Detail)'" ;;
esac

# ---- it goes, and comes back
end_helper
check "that it went is seen" helper_is away
equal "and told" 1 "$(bc --json=short call $NAME $ROOT $NAME.Manager History ttsut 0 0 nvmpath-helper 0 0 |
	grep -o '"there","away"' | wc -l)"
case $(remove) in
*"helper for admin commands is not running"*) ok "a removal of a single path is refused before it begins" ;;
*) not_ok "a removal of a single path says '$(remove)'" ;;
esac
equal "nothing was held for it" online "$(admin nvme1 nvme0c1n1)"
equal "a controller needs no admin command" '""' \
	"$(bc --json=short call $NAME $ROOT $NAME.Manager Plan st nvme1 0 | grep -oP '"Refused":{"type":"s","data":\K"[^"]*"')"
case $(bc --json=short call $NAME $ROOT $NAME.Manager Plan st nvme1 0) in
*"who has its nodes open could not be found out"*) ok "its plan says that users were not looked for" ;;
*) not_ok "its plan says nothing of users" ;;
esac

# ---- with no more rights than its unit gives it
unit=$here/../../units/nvmpath-helper.service.in
rights=$(sed -n 's/^CapabilityBoundingSet=CAP_//p' "$unit" | sed 's/ CAP_/,+/g' | tr '[:upper:]' '[:lower:]')
start_helper setpriv --inh-caps=-all --bounding-set="-all,+$rights" "$HELPER"
check "that it came is seen" helper_is there
put "$T/sys/dev/ng0c1n1" ""
sleep 60 <"$T/sys/dev/ng0c1n1" & user=$!
setpriv --reuid=65534 --clear-groups sleep 60 <"$T/sys/dev/ng0c1n1" & user2=$!
plan() { bc --json=short call $NAME $ROOT $NAME.Manager Plan st nvme1 0; }
uses() { plan | grep -q "\"$1 sleep ng0c1n1\""; }
check "root's process that has a node open is found" uses $user
check "and somebody else's" uses $user2
equal "there is none that it may not look at" 0 "$(plan | grep -c 'could not be looked at')"
kill $user $user2
wait $user $user2 2>/dev/null
end_helper
check "it goes again" helper_is away

put "$T/sys/identify" "1 7"
start_helper $python "$here/fake-helper.py" "$T/sys"
check "that it came is seen" helper_is there
becomes "and controllers are asked what they can do" nvme1 NamespaceManagementKnown true

# ---- a device that obeys
equal "a path is removed" 'o "/io/github/nvmpath1/removal/_32"' "$(remove)"
becomes "it is detached" 2 State detached
equal "and gone" "" "$(property nvme0c1n1 PathState)"
call 2 Restore t 0 >/dev/null
becomes "it is attached again" 2 State restored
becomes "and usable" nvme0c1n1 PathState usable

# ---- ANATT: how long a group may be in the state change
groups() { property nvme1 AnaGroups; }
anatt_of() # what is between the begin of the transition and its deadline
{
	# 'TYPE N GROUP "STATE" SINCE BEGIN END DEADLINE'
	groups | awk '{ print $4, $8 - $6, $7 == 0 }'
}
equal "before a transition there is no deadline" '"optimized" 0 1' "$(anatt_of)"
both() { for n in 1 2; do put "$T/sys/class/nvme/nvme1/nvme0c1n$n/ana_state" "$1"; done; }
both change
within 10 eval '[ "$(anatt_of)" = '\''"change" 7000000 1'\'' ]' &&
	ok "in the state change there is one, ANATT after its begin" ||
	not_ok "in the state change: $(groups)"
both inaccessible
within 10 eval 'groups | grep -q inaccessible' || not_ok "it did not end: $(groups)"
equal "the transition has begin and end, and no deadline any more" "1 1 0" \
	"$(groups | awk '{ print ($6 > 0), ($7 > $6), $8 }')"
bc --json=short call $NAME $ROOT $NAME.Manager History ttsut 0 0 nvme1 0 0 >"$T/history"
equal "both are in the history, with deadline and duration" "1 1" \
	"$(grep -o '"deadline_usec"' "$T/history" | wc -l) $(grep -o '"transition_usec"' "$T/history" | wc -l)"
both optimized

put "$T/sys/mood" "refuse 22"
remove >/dev/null
becomes "a device that refuses: undone" 3 State rolled-back
becomes "its hold is released" nvme0c1n1 PathState usable
case $(property 3 Detail) in
*"its holds were released"*) ok "and that is said: $(property 3 Detail)" ;;
*) not_ok "it says '$(property 3 Detail)'" ;;
esac

# ---- it dies in the middle
put "$T/sys/mood" die
remove >/dev/null
becomes "it died after it had sent the command: sysfs has the word" 4 State detached
start_helper $python "$here/fake-helper.py" "$T/sys"
put "$T/sys/mood" ""
check "another is found" helper_is there
call 4 Restore t 0 >/dev/null
becomes "and brings the path back" 4 State restored
put "$T/sys/mood" die-before
remove >/dev/null
becomes "it died before it had sent it: undone" 5 State rolled-back
case $(property 5 Detail) in
*"ended before it answered"*) ok "and that is said" ;;
*) not_ok "it says '$(property 5 Detail)'" ;;
esac
becomes "the path is used again" nvme0c1n1 PathState usable
check "it is away" helper_is away

# ---- it goes while a removal drains
put "$T/sys/mood" ""
start_helper $python "$here/fake-helper.py" "$T/sys"
check "another is found, later" helper_is there
put "$T/sys/class/nvme/nvme1/nvme0c1n1/inflight" "       1        0"
remove >/dev/null
becomes "a removal drains" 6 State draining
end_helper
check "it goes meanwhile" helper_is away
put "$T/sys/class/nvme/nvme1/nvme0c1n1/inflight" "       0        0"
becomes "what cannot be detached is given back" 6 State rolled-back
equal "and not held" online "$(admin nvme1 nvme0c1n1)"

# ---- it never answers
put "$T/sys/mood" mute
start_helper $python "$here/fake-helper.py" "$T/sys"
check "a mute one says hello" helper_is there
begin=$SECONDS
remove >/dev/null
becomes "a removal is at the detach" 7 State detaching
equal "the daemon answers meanwhile" 0 "$(bc call $NAME $ROOT org.freedesktop.DBus.Peer Ping >/dev/null; echo $?)"
within 20 status 7 rolled-back
becomes "and gives the path back when its time is up" 7 State rolled-back
case $(property 7 Detail) in
*"did not answer in time"*) ok "which is said, after $((SECONDS - begin)) s" ;;
*) not_ok "it says '$(property 7 Detail)'" ;;
esac
finish
