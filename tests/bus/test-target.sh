#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Targets: many controllers as one, what a plan says of them, and the queue.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

manager() { bc call $NAME $ROOT $NAME.Manager "$@" 2>&1; }
plan() { bc --json=short call $NAME $ROOT $NAME.Manager Plan st "$1" "${2:-0}" 2>&1; }
fact() # TARGET NAME [FLAGS]: as JSON
{
	plan "$1" "${3:-0}" | python3 -c '
import json, sys
print(json.dumps(json.load(sys.stdin)["data"][0][sys.argv[1]]["data"]))' "$2"
}
namespaces() # TARGET: "head usable left optimized-left ports-left verdict" a line
{
	plan "$1" "${2:-0}" | python3 -c '
import json, sys
for n in json.load(sys.stdin)["data"][1]:
	print(n[0].rsplit("/", 1)[1], *n[1:])'
}
configure() # what nvme-cli would know of nvme3
{
	put "$T/root/etc/nvme/config.json" '[ { "hostnqn": "nqn.2014-08.org.nvmexpress:uuid:fake", "subsystems": [
		{ "nqn": "nqn.2026-01.test:pair", "ports": [ { "transport": "tcp", "traddr": "10.0.0.3",
		"trsvcid": "4420", "host_iface": "eth2", "hdr_digest": true, "nr_write_queues": 2 } ] } ] } ]'
}
says() # WHAT PATTERN TEXT
{
	# shellcheck disable=SC2254
	case $3 in
	$2) ok "$1" ;;
	*) not_ok "$1: $3" ;;
	esac
}

daemon_options=(--config-root="$T/root")

start_bus
fake_pair "$T/sys"
fake_second_pair "$T/sys"
start_kernel
start_daemon

equal "a plan names the paths" '["nvme0c2n1", "nvme0c2n2", "nvme0c3n1", "nvme0c3n2"]' \
	"$(fact host-iface=eth2 Paths)"
equal "and the controllers" '["nvme2", "nvme3"]' "$(fact host-iface=eth2 Controllers)"
equal "and what each namespace would have" \
	"nvme0n1 4 2 2 2 ok nvme0n2 4 2 2 2 ok" \
	"$(namespaces host-iface=eth2 | tr '\n' ' ' | sed 's/ $//')"
equal "it would not be refused" '""' "$(fact host-iface=eth2 Refused)"
equal "it could be restored" "true []" \
	"$(fact host-iface=eth2 CanRestore) $(fact host-iface=eth2 RestoreMissing)"
equal "an address stands for its controllers" '["nvme1"]' "$(fact traddr=10.0.0.1 Controllers)"
equal "so does one of the host" '["nvme2", "nvme3"]' \
	"$(fact host-traddr=10.0.9.9 Controllers)"
equal "a path is a target, too" '["nvme0c1n1"]' "$(fact nvme0c1n1 Paths)"
says "what nobody has is no object" "*no controller has*" "$(plan traddr=10.9.9.9)"
says "a namespace is no target" "*name one of its paths*" "$(plan nvme0n1)"
says "nor is an unknown key" "*a target is a path*" "$(plan trsvcid=4420)"

put "$T/sys/class/nvme/nvme3/tls_configured_key" 1234abcd
equal "keys that cannot be given again are named beforehand" \
	'false ["nvme3: it uses TLS with a key or keyring of its own, which cannot be given again"]' \
	"$(fact nvme3 CanRestore) $(fact nvme3 RestoreMissing)"
equal "a path does not need them: its controller stays" true "$(fact nvme0c3n1 CanRestore)"
rm "$T/sys/class/nvme/nvme3/tls_configured_key"

put "$T/sys/class/nvme/nvme3/dhchap_secret" DHHC-1:00:verysecret:
put "$T/sys/class/nvme/nvme3/nvme0c3n1/queue/stable_writes" 1
put "$T/sys/class/nvme/nvme3/nvme0c3n1/queue/io_poll" 1
configure
says "what a connection would have again is told: by sysfs" "*nvme3: data digest, by sysfs*" \
	"$(fact nvme3 RestoreOptions)"
says "by nvme-cli's configuration" "*nvme3: header digest, by config.json*nvme3: 2 write queues, by config.json*" \
	"$(fact nvme3 RestoreOptions)"
says "that there are secrets" "*nvme3: DH-HMAC-CHAP secrets by sysfs*" "$(fact nvme3 RestoreOptions)"
says "and what nobody knows" "*nvme3: not known, so as by default: type of service, poll queues,*" \
	"$(fact nvme3 RestoreOptions)"
says "poll queues that nobody counted are warned of" "*nvme3 has poll queues, but how many is not known*" \
	"$(fact nvme3 Warnings)"
equal "it could be restored" 'true []' "$(fact nvme3 CanRestore) $(fact nvme3 RestoreMissing)"
put "$T/root/etc/nvme/config.json" '[ {'
says "a configuration that is broken is warned of" "*config.json: not all of it could be understood*" \
	"$(fact nvme3 Warnings)"
rm "$T/root/etc/nvme/config.json"

put "$T/sys/run/nvme/registry/nvme2/owner" discoverd
equal "who connected it is told" '"discoverd"' "$(fact nvme2 RegistryOwner)"
says "and that it may again" "*nvme2 was connected by discoverd*" "$(fact nvme2 Warnings)"
equal "of others nothing is known" '""' "$(fact nvme1 RegistryOwner)"

put "$T/sys/dev/nvme2" ""
put "$T/sys/dev/ng0c3n1" ""
sleep 60 <"$T/sys/dev/nvme2" & user=$!
sleep 60 3<"$T/sys/dev/ng0c3n1" & user2=$!
equal "who has a controller open is told" "[\"$user sleep nvme2\"]" "$(fact nvme2 Users)"
equal "and a path's generic node" "[\"$user2 sleep ng0c3n1\"]" "$(fact nvme0c3n1 Users)"
equal "nobody has the others open" "[]" "$(fact nvme1 Users)"
kill $user $user2

# The bus takes nothing but UTF-8, and a name may be cut in the middle of a character.
mkfifo "$T/never"
bash -c 'printf "cut\303" >/proc/$$/comm; read -r _ <>"$1"' - "$T/never" 3<"$T/sys/dev/nvme2" & user=$!
within 5 grep -q ^cut "/proc/$user/comm"
equal "whatever it is called" "[\"$user cut? nvme2\"]" "$(fact nvme2 Users)"
kill $user
printf 'discover\377\n' >"$T/sys/run/nvme/registry/nvme2/owner"
says "and whatever is written down of who connected it" "*nvme2 was connected by discover?,*" \
	"$(fact nvme2 Warnings)"

# A namespace of a controller alone: no path of a head, and nothing else leads to it.
mkdir "$T/sys/class/nvme/nvme2/nvme2n7"
says "a disk that would go with its controller keeps it" \
	"*nvme2 has nvme2n7, to which there is no other path*" "$(fact host-iface=eth2 Refused)"
says "a removal is refused for it" "*nvme2 has nvme2n7*" \
	"$(manager Remove stst host-iface=eth2 400000 x 0)"
equal "nothing was held" 0 "$(grep -l hold "$T"/sys/class/nvme/nvme?/*/admin_state | wc -l)"
equal "but where it is forced" '""' "$(fact host-iface=eth2 Refused 1)"
says "and named all the same" "*nvme2n7 would go with nvme2*" "$(fact host-iface=eth2 Warnings 1)"
mkdir -p "$T/sys/class/nvme/nvme2/nvme2n7/nvme2n7p1/holders/dm-7" "$T/sys/class/nvme/nvme2/nvme2n7/holders"
says "and what is made of it" "*nvme2n7p1 is used by dm-7*" "$(fact nvme2 Warnings)"
put "$T/sys/dev/nvme2n7p1" ""
sleep 60 <"$T/sys/dev/nvme2n7p1" & user=$!
equal "who has it open is told" "[\"$user sleep nvme2n7p1\"]" "$(fact nvme2 Users)"
kill $user
python3 - "$T/sys/dev/nvme2n7p1" "$T/opened" <<'END' &
import resource, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
files = [open(sys.argv[1]) for _ in range(1010)]
open(sys.argv[2], "w").close()
time.sleep(60)
END
user=$!
within 10 [ -e "$T/opened" ]
equal "of a thousand and more the first are told" 1000 "$(fact nvme2 Users | grep -o nvme2n7p1 | wc -l)"
says "and that there are more" "*more processes and mounts use its nodes than are named*" \
	"$(fact nvme2 Warnings)"
kill $user
if unshare -m true 2>/dev/null; then
	mkdir "$T/a folder" "$T/"$'no\377text'
	unshare -m sh -c 'mount -t tmpfs "$1" "$2" && mount -t tmpfs "$1" "$4" && : >"$3" && exec sleep 60' - \
		"$T/sys/dev/nvme2n7p1" "$T/a folder" "$T/mounted" "$T/"$'no\377text' & user=$!
	within 5 [ -e "$T/mounted" ]
	says "and where it is mounted, be it for a single process" \
		"*nvme2n7p1 is mounted at */a folder*" "$(fact nvme2 Warnings)"
	says "whatever that is called" "*nvme2n7p1 is mounted at */no?text*" "$(fact nvme2 Warnings)"
	kill $user
	within 5 eval '[[ "$(fact nvme2 Warnings)" != *mounted* ]]' && ok "no longer than it is" ||
		not_ok "it is told for ever"
else
	echo "# no mount namespaces here: mounts were not tried"
fi
rm -r "$T/sys/class/nvme/nvme2/nvme2n7"/*
equal "its paths alone may go" '""' "$(fact nvme0c2n1 Refused)"
rmdir "$T/sys/class/nvme/nvme2/nvme2n7"

equal "an interface is held as one" "" "$(manager Hold sstt host-iface=eth2 swap 0 0)"
equal "all its paths" "hold hold hold hold" \
	"$(admin nvme2 nvme0c2n1) $(admin nvme2 nvme0c2n2) $(admin nvme3 nvme0c3n1) $(admin nvme3 nvme0c3n2)"
within 5 is nvme0n1 UsablePaths 2
says "one more would be a single path" "*nvme0n1 would have a single usable path*" \
	"$(fact nvme1 Warnings)"
equal "the verdict says so" "nvme0n1 2 1 1 1 degraded" "$(namespaces nvme0c1n1)"
equal "it is released as one" "" "$(manager Release st host-iface=eth2 0)"
equal "all of it" 0 "$(grep -l hold "$T"/sys/class/nvme/nvme?/*/admin_state | wc -l)"

put "$T/sys/class/nvme/nvme3/nvme0c3n2/inflight" "       1        0"
manager Remove stst host-iface=eth2 400000 x 0 >/dev/null
becomes "what does not get quiet on one controller" 1 State rolled-back
equal "undoes all" 0 "$(grep -l hold "$T"/sys/class/nvme/nvme?/*/admin_state | wc -l)"
equal "and says what was meant" "host-iface=eth2" "$(property 1 Object)"

manager Remove stst nvme2 30000000 x 4 >/dev/null
becomes "a hold for maintenance" 2 State drained
equal "is a kind of its own" maintenance "$(property 2 Kind)"
equal "and stays held" "hold hold" "$(admin nvme2 nvme0c2n1) $(admin nvme2 nvme0c2n2)"
equal "until released" "" "$(manager Release st nvme2 0)"
manager Remove stst nvme3 300000 x 4 >/dev/null
becomes "one that does not get quiet" 3 State rolled-back
equal "is given back" online "$(admin nvme3 nvme0c3n2)"

manager Drain stst nvme3 30000000 x 0 >/dev/null
becomes "a drain is at work" 4 State draining
manager Remove stst traddr=10.0.0.1 30000000 x 0 >/dev/null
becomes "a removal waits for it" 5 State queued
manager Drain stst nvme0c2n1 30000000 x 0 >/dev/null
becomes "and one more" 6 State queued
says "a plan says that it would, too" "*would be queued*" "$(fact nvme0 Warnings)"
equal "a hold of what waits is nobody's business" "" "$(manager Hold sstt nvme0c2n1 x 0 0)"
equal "and is let go" "" "$(manager Release st nvme0c2n1 0)"
equal "the second one is cancelled" "" "$(call 6 Cancel t 0)"
becomes "it never began" 6 State rolled-back
put "$T/sys/class/nvme/nvme3/nvme0c3n2/inflight" "       0        0"
becomes "the first one is through" 4 State drained
becomes "then the removal has its turn" 5 State detached
manager Release st nvme3 0 >/dev/null

mkdir -p "$T/root/etc/nvmpath"
printf '[Removal]\nMinUsable=3\n' >"$T/root/etc/nvmpath/nvmpathd.conf"
manager Reload >/dev/null
within 5 is nvme0n1 UsablePaths 3
says "what would cross a floor is refused" "*the floor is 3*" \
	"$(manager Remove stst host-iface=eth2 0 x 0)"
equal "its verdict says so" "nvme0n1 3 1 1 1 below-floor" \
	"$(namespaces host-iface=eth2 | head -n 1)"
equal "forced, it would not be" '""' "$(fact host-iface=eth2 Refused 1)"
says "a hold is refused, too" "*the floor is 3*" "$(manager Hold sstt nvme0c2n1 x 0 0)"

configure
manager Remove stst host-iface=eth2 30000000 both 1 >/dev/null
equal "force is on record" true "$(property 7 Forced)"
becomes "two controllers are removed as one" 7 State detached
equal "both went" "1 1" \
	"$(cat "$T/gone.nvme2/delete_controller") $(cat "$T/gone.nvme3/delete_controller")"
equal "no secret is on record, in the log or on the bus" 0 \
	"$({ cat "$T"/run/* "$T/log"; bc call $NAME $ROOT org.freedesktop.DBus.ObjectManager GetManagedObjects; } |
		grep -c verysecret)"
equal "what was found out of its connection is on record" "1 2" \
	"$(grep -ho '"header digest": *1' "$T"/run/removal-7.json | wc -l) $(grep -ho '"write queues": *[0-9]' "$T"/run/removal-7.json | head -1 | grep -o '.$')"
equal "the last path stays" "nvme0n1 1 0 0 0 last-path" "$(namespaces nvme0c0n1)"
says "its removal would be refused" "*without nvme0 no usable path is left to nvme0n1, nvme0n2*" \
	"$(fact nvme0 Refused)"
says "even forced" "*no usable path is left*" "$(manager Remove stst nvme0 0 x 1)"
says "flags are checked" "*not defined*" "$(manager Remove stst nvme0 0 x 64)"
finish
