#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched
# machine: pci
# Ctrl-C on nvmpathctl's terminal while it waits for a drain that does not end: no
# path is left held, or what is held is said.
set -u
. /nvmpath/lab/guest/lib.sh

before=$(picture)
# Each drain catches some: what is caught before the last one stays in flight.
stuck_begin 8

# $1 how many times Ctrl-C is typed, $2... command, on a terminal of its own; prints
# what it shows, exits as it does.
typed_on() {
	python3 - "$@" <<-'END'
	import os, pty, select, sys, time
	times, command = int(sys.argv[1]), sys.argv[2:]
	pid, fd = pty.fork()
	if pid == 0:
	    os.execvp(command[0], command)
	begin, last = time.monotonic(), None	# it types once there is progress to see
	typed = 0
	while time.monotonic() - begin < 40:
	    if typed < times and last and time.monotonic() - last > 2:
	        os.write(fd, b"\x03")
	        typed, last = typed + 1, time.monotonic()
	    if not select.select([fd], [], [], 0.2)[0]:
	        continue
	    try:
	        text = os.read(fd, 4096)
	    except OSError:
	        break
	    last = last or time.monotonic()
	    sys.stdout.buffer.write(text.replace(b"\r", b"\n"))
	sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
}

for verb in drain remove; do
	check_exit "Ctrl-C during $verb $path: 1, and says so" 1 "cancel" \
		typed_on 1 nvmpathctl "$verb" "$path" --timeout=60s
	check_equal "$verb $path: nothing is left held" online "$(admin_state "$path")"
	check "$verb $path: it is there" path_of "$ctrl" 1
done
check_exit "Ctrl-C during drain $ctrl: 1, and says so" 1 "cancel" \
	typed_on 1 nvmpathctl drain "$ctrl" --timeout=60s
check_equal "all paths are as they were" "$before" "$(picture)"

path_online() { [ "$(admin_state "$path")" = online ]; }
timeout -s TERM 2 nvmpathctl drain "$path" --timeout=60s >/tmp/check.log 2>&1
check "SIGTERM releases it, too" wait_for 5 path_online

stuck_end "interrupted drains"
check_exit "the next drain works" 0 "" nvmpathctl drain "$path"
check_exit "and its release" 0 "" nvmpathctl release "$path"
