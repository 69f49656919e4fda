#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# All objects as a file: what it says is what GetManagedObjects says, after
# whatever happened; it is made once a change; nobody can alter it.
# shellcheck source=tests/bus/lib.sh
. "$(dirname "$0")/lib.sh"

python=/usr/bin/python3
$python -c 'import gi' 2>/dev/null || { echo "no python3-gi"; exit 77; }

compare() # WHEN
{
	local found

	if found=$($python "$here/compare-bulk.py" "$ADDRESS" 2>&1); then
		ok "$1: the same, $found"
	else
		not_ok "$1: $found"
	fi
}

is_gone() { ! bc get-property $NAME "$(object "$1")" "$(interface "$1")" Name; }

start_bus
fake_pair "$T/sys"
start_kernel
start_daemon
compare "at rest"
call nvme0c0n1 Hold st 'tab? no, but \n and \\ and "quotes"' 0 >/dev/null
becomes "a path is held" nvme0c0n1 PathState held
compare "with a hold"
call nvme0 Drain tst 0 'switch swap' 0 >/dev/null
becomes "a drain is through" 1 State drained
compare "after a drain"
call nvme0 Release t 0 >/dev/null
becomes "it is released" nvme0c0n1 PathState usable
compare "after its release"
bc call $NAME $ROOT $NAME.Manager Hold sstt nvme1 'for an hour' 3600000000 0 >/dev/null
becomes "another is held for a time" nvme0c1n2 PathState held
compare "with a hold that ends"
put "$T/sys/class/nvme/nvme0/state" connecting
becomes "a controller is not live" nvme0 State connecting
compare "with a controller that is connecting"
call nvme1 Release t 0 >/dev/null
becomes "the other is usable" nvme0c1n2 PathState usable
stop_kernel
rm -rf "$T/sys/class/nvme/nvme0/nvme0c0n2"
within 10 is_gone nvme0c0n2 ||
	not_ok "a path that went is still there"
compare "with a path less"
fake_head "$T/sys" nvme-subsys0 nvme0n3 3
fake_path "$T/sys" nvme1 nvme0c1n3 3
within 10 is nvme0c1n3 PathState usable || not_ok "a new path is not seen"
compare "with a path more"
rm -rf "$T/sys/class/nvme-subsystem/nvme-subsys0/nvme0n1"
within 10 is_gone nvme0n1 ||
	not_ok "a head that went is still there"
compare "with paths whose head is gone"

if found=$($python - "$here" "$ADDRESS" "$T/sys" 2>&1 <<'PYTHON'
import fcntl, importlib.util, mmap, os, sys, time

here, address, sysfs = sys.argv[1:]
spec = importlib.util.spec_from_file_location("bulk", here + "/compare-bulk.py")
bulk = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bulk)
bus = bulk.connect(address)
a, b = bulk.get_file(bus), bulk.get_file(bus)
assert os.fstat(a).st_ino == os.fstat(b).st_ino, "made twice without a change"
assert os.read(a, 16) == os.read(b, 16) == b"nvmpath-objects\t", "one reader moves the other"
for attempt in (lambda: os.write(a, b"x"), lambda: os.ftruncate(a, 0),
                lambda: os.open(f"/proc/self/fd/{a}", os.O_RDWR | os.O_TRUNC),
                lambda: os.write(os.open(f"/proc/self/fd/{a}", os.O_WRONLY), b"x"),
                lambda: fcntl.fcntl(a, fcntl.F_ADD_SEALS, 0) or mmap.mmap(a, 0)):
    try:
        attempt()
    except (OSError, ValueError):
        continue
    sys.exit("it can be altered")
inode = os.fstat(a).st_ino
with open(sysfs + "/class/nvme/nvme1/state", "w") as f:
    f.write("deleting\n")
end = time.monotonic() + 10
while os.fstat(bulk.get_file(bus)).st_ino == inode:
    assert time.monotonic() < end, "a change leaves the file what it was"
    time.sleep(0.02)
assert os.read(a, 8), "an old one went while somebody read it"

# One that is kept a change, mapped some of them; the loop above keeps one or two.
kept, inodes = [a, b], {inode}
for i in range(40):
    with open(sysfs + "/class/nvme/nvme1/state", "w") as f:
        f.write("live\n" if i % 2 else "connecting\n")
    time.sleep(0.15)
    try:
        fd = bulk.get_file(bus)
    except Exception as e:
        assert "too many older files are still open" in str(e), e
        break
    inodes.add(os.fstat(fd).st_ino)
    if i % 2:
        kept.append(mmap.mmap(fd, 0, prot=mmap.PROT_READ))
        os.close(fd)
    else:
        kept.append(fd)
else:
    sys.exit(f"{len(kept)} files are kept, and there is no end")
assert 15 <= len(inodes) <= 17, f"refused with {len(inodes)}"
for k in kept:
    k.close() if isinstance(k, mmap.mmap) else os.close(k)
os.close(bulk.get_file(bus))
PYTHON
); then
	ok "made once a change, for all; sealed; what was handed over stays, 16 at most"
else
	not_ok "the file: $found"
fi
found=$(bc call $NAME $ROOT $NAME.Manager GetManagedObjectsAsFile t 1 2>&1)
case $found in
*lag*) ok "flags that nobody knows are refused: $found" ;;
*) not_ok "unknown flags: $found" ;;
esac
finish
