#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Hooks: before the first hold and after the end, with the facts, in time.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

c1=$T/sys/class/nvme/nvme1
hooks=$T/root/etc/nvmpath/hooks.d
says() # how often the hooks' log has that line
{
	grep -cxF "$1" "$T/hooks.log"
}
logged() { [ "$(says "$1")" = "$2" ]; }
told() # WHAT LINE TIMES
{
	if within 10 logged "$2" "$3"; then
		ok "$1"
	else
		not_ok "$1: no '$2' $3 times in: $(cat "$T/hooks.log")"
	fi
}
hook() # NAME <<SCRIPT
{
	{ echo "#!/bin/sh"; cat; } >"$hooks/$1.new"
	chmod 755 "$hooks/$1.new"
	mv "$hooks/$1.new" "$hooks/$1"
}

mkdir -p "$hooks"
: >"$T/hooks.log"
hook 50-note <<EOF
exec >>$T/hooks.log
echo "\$1 \$NVMPATH_REMOVAL \$NVMPATH_REMOVAL_KIND \$NVMPATH_STATE \$NVMPATH_ERRNO"
echo "\$1 of \$NVMPATH_OBJECT: \$NVMPATH_CONTROLLERS / \$NVMPATH_PATHS / \$NVMPATH_NAMESPACES"
echo "\$1 for \$NVMPATH_OWNER: \$NVMPATH_REASON, \$NVMPATH_SUBSYSNQN"
echo "\$1 with \$(grep -l hold $T/sys/class/nvme/nvme?/*/admin_state | wc -l) held"
EOF
printf 'this is no program' >"$hooks/README"
daemon_options=(--config-root="$T/root")
start_bus
fake_pair "$T/sys"
start_kernel
start_daemon

put "$c1/nvme0c1n1/inflight" "       1        0"
call nvme1 Remove tst 30000000 "replace switch" 0 >/dev/null
becomes "a removal goes on after its hooks" 1 State draining
told "they ran before the first hold" "pre with 0 held" 1
told "with the facts" "pre of nvme1: nvme1 / nvme0c1n1 nvme0c1n2 / nvme0n1 nvme0n2" 1
told "who asked, and why" "pre for uid 0: replace switch, nqn.2026-01.test:pair" 1
equal "none runs in between" 0 "$(grep -c '^post' "$T/hooks.log")"
put "$c1/nvme0c1n1/inflight" "       0        0"
becomes "it is through" 1 State detached
told "they ran at the end" "post 1 remove detached 0" 1

hook 60-objection <<EOF
[ "\$1" = post ] || { echo "not today" >&2; exit 3; }
EOF
call 1 Restore t 0 >/dev/null
becomes "a restore has hooks, too" 1 State failed
equal "one that fails stops it, and is named" "hook 60-objection: exit status 3" "$(property 1 Detail)"
told "those before it ran" "pre 1 remove restoring 0" 1
told "and those of the end" "post 1 remove failed 111" 1
call nvme0c0n1 Drain tst 0 x 0 >/dev/null
equal "the last path is refused before any hook" 0 "$(grep -c '^pre 2' "$T/hooks.log")"
put "$T/gone.nvme1/delete_controller" ""
mv "$T/gone.nvme1" "$c1"
for n in 1 2; do put "$c1/nvme0c1n$n/admin_state" online; done
ln -s ../../nvme/nvme1 "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme1"
within 10 is nvme0n1 UsablePaths 2
call nvme0c0n1 Drain tst 0 x 0 >/dev/null
becomes "one that objects refuses a drain" 2 State refused
equal "and says so" "hook 60-objection: exit status 3" "$(property 2 Detail)"
equal "nothing was held" online "$(admin nvme0 nvme0c0n1)"

hook 60-objection <<EOF
[ "\$1" = pre ] || exit 4
EOF
call nvme0c0n1 Drain tst 0 x 0 >/dev/null
becomes "one that fails at the end changes nothing" 3 State drained
becomes "but is on record" 3 Detail "hook 60-objection: exit status 4"
call nvme0c0n1 Release t 0 >/dev/null

mv "$hooks/50-note" "$T/50-note"	# all of them share the time
printf '[Removal]\nHookTimeout=200ms\n' >"$T/root/etc/nvmpath/nvmpathd.conf"
bc call $NAME $ROOT $NAME.Manager Reload >/dev/null
hook 60-objection <<EOF
[ "\$1" = pre ] || exit 0
sleep 300 & echo \$! >$T/sleeper; wait
EOF
call nvme0c0n1 Drain tst 0 x 0 >/dev/null
becomes "one that does not end" 4 State refused
case $(property 4 Detail) in
"hook 60-objection: did not end in time, and was killed"*) ok "is killed" ;;
*) not_ok "detail: $(property 4 Detail)" ;;
esac
gone() { ! kill -0 "$1" 2>/dev/null; }
if within 10 gone "$(cat "$T/sleeper")"; then ok "with all that it started"; else not_ok "it left a child"; fi

rm "$T/root/etc/nvmpath/nvmpathd.conf"
bc call $NAME $ROOT $NAME.Manager Reload >/dev/null
chmod 777 "$hooks/60-objection"
call nvme0c0n1 Drain tst 0 x 0 >/dev/null
becomes "what others may write to" 5 State refused
equal "is not run" "hook 60-objection: others than root may write to it" "$(property 5 Detail)"

rm "$hooks/60-objection"
mv "$T/50-note" "$hooks/50-note"
mkfifo "$T/wait"
hook 10-wait <<EOF
[ "\$1" = post ] || read x <$T/wait
EOF
call nvme0c0n1 Drain tst 0 x 0 >/dev/null
equal "while they run it is" checking "$(property 6 State)"
equal "and can be called off" "" "$(call 6 Cancel t 0)"
becomes "at once" 6 State rolled-back
equal "those of the end wait" 0 "$(says "post 6 drain rolled-back 125")"
echo go >"$T/wait"
told "for those that run" "post 6 drain rolled-back 125" 1
call nvme0c0n1 Drain tst 0 x 0 >/dev/null
equal "one more" checking "$(property 7 State)"
stop_daemon KILL
echo go >"$T/wait"
start_daemon
becomes "a restart undoes it" 7 State rolled-back
told "and runs those of the end" "post 7 drain rolled-back 4" 1
equal "for none twice" 1 "$(says "post 6 drain rolled-back 125")"
equal "the program of another's folder never ran" 0 "$(grep -c README "$T/hooks.log")"

hook 10-wait <<EOF
[ "\$1" = pre ] || read x <$T/wait
EOF
call nvme0c0n1 Drain tst 0 x 0 >/dev/null
becomes "one is through, but for its hooks" 8 State drained
kill -TERM "$daemon"
within 10 grep -q "running -> stopping" "$T/log"
for ask in "Drain stst nvme0c0n2 0 x 0" "Hold sstt nvme0c0n1 x 60000000 0"; do
	# shellcheck disable=SC2086
	out=$(bc call $NAME $ROOT $NAME.Manager $ask 2>&1)
	case $out in
	*"nvmpathd is stopping"*) ok "while it stops, ${ask%% *} is refused" ;;
	*) not_ok "${ask%% *} while it stops: $out" ;;
	esac
done
equal "and holds nothing more" "online online" "$(admin nvme1 nvme0c1n1) $(admin nvme1 nvme0c1n2)"
echo go >"$T/wait"
finish
