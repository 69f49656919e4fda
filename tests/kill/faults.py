#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""faults.py NVMPATHD KILLER CELLS DIR: what fails around a removal: no room for a
record, a write that the kernel refuses or never returns from, clocks that jump,
paths that vanish in each state. Each has its message, and a safe end."""
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from machine import Machine, Problem, free, judge, problems, run

WORKERS = 6
NO_SPACE, READ_ONLY, BUSY, INVALID, NO_DEVICE = 28, 30, 16, 22, 19


def want(true, text):
    if not true:
        raise Problem(text)


def remove(m, timeout="30000000", flags="0", method="Remove"):
    return m.manager(method, "stst", "nvme1", timeout, "x", flags)


def busy(m):
    m.put("nvme/nvme1/nvme0c1n1/drain_state", "draining")


def quiet(m):
    m.put("nvme/nvme1/nvme0c1n1/drain_state", "drained")


def detail(m, job=1):
    return m.objects()[f"removal/_3{job}"]["Detail"]


def ends(m, state, text):
    """Removal 1, as that, with that in its detail; all is well otherwise."""
    m.becomes(1, state)
    judge(m, {1: {state}})
    want(text in detail(m), f"its detail is '{detail(m)}', not '{text}'")


def no_room(m, error, words):
    m.say("fail", f"rename {error} /run/\n")
    out = remove(m)
    want(out.returncode and words in out.stderr, f"it says {out.stderr}{out.stdout}")
    out = m.manager("Hold", "sstt", "nvme1", "x", "0", "0")
    want(out.returncode and words in out.stderr, f"a hold says {out.stderr}{out.stdout}")
    want(not m.held(), "something was held all the same")
    m.say("fail", "")
    remove(m)
    m.wait(lambda: "detached" in m.states().values(), "a removal afterwards")
    judge(m, {})


def disk_full(m):
    no_room(m, NO_SPACE, "No space left on device")


def read_only(m):
    no_room(m, READ_ONLY, "Read-only file system")


def full_while_it_drains(m):
    """What is not on record is not detached."""
    busy(m)
    remove(m)
    m.becomes(1, "draining")
    m.say("fail", f"rename {NO_SPACE} /run/\n")
    quiet(m)
    m.wait(lambda: not m.held(), "its roll-back")
    want(m.there("nvme1"), "it was detached without a record")
    want("cannot be recorded" in detail(m), f"its detail is '{detail(m)}'")
    m.kill()
    m.say("fail", "")
    m.start(0)
    judge(m, {1: {"rolled-back"}})


def full_while_it_rolls_back(m):
    busy(m)
    remove(m)
    m.becomes(1, "draining")
    m.say("fail", f"rename {NO_SPACE} /run/\n")
    m.removal(1, "Cancel")
    m.wait(lambda: not m.held(), "its roll-back")
    want("Failed to write the record of removal 1" in m.log(), "nobody was told")
    m.kill()
    m.say("fail", "")
    m.start(0)
    judge(m, {1: {"rolled-back"}})


def hold_refused(m, error, text):
    m.say("fail", f"write {error} nvme0c1n2/admin_state=hold\n")
    remove(m)
    ends(m, "rolled-back", text)


def release_refused(m):
    """Who cannot be released stays in the book, until it can."""
    busy(m)
    remove(m)
    m.becomes(1, "draining")
    m.say("fail", f"write {INVALID} nvme0c1n2/admin_state=online\n")
    m.removal(1, "Cancel")
    m.becomes(1, "failed")
    want("releasing nvme0c1n2 failed: Invalid argument" in detail(m), detail(m))
    want(m.held() == {"nvme0c1n2"} and m.objects()["path/nvme0c1n2"]["HoldOwner"],
         f"held: {m.held()}, and nobody owns it")
    m.say("fail", "")
    m.manager("Release", "st", "nvme0c1n2", "0")
    judge(m, {1: {"failed"}})


def detach_refused(m):
    m.say("fail", f"write {INVALID} /device/remove\n")
    remove(m)
    ends(m, "rolled-back", "writing device/remove of nvme1: Invalid argument")


def restore_refused(m):
    remove(m)
    m.becomes(1, "detached")
    m.say("fail", f"write {INVALID} /bus/pci/rescan\n")
    m.removal(1, "Restore")
    m.becomes(1, "failed")
    want("rescanning the PCI bus: Invalid argument" in detail(m), detail(m))
    m.say("fail", "")
    m.removal(1, "Restore")
    ends(m, "restored", "")


def restore_without_end(m, fail):
    """A slot that stays empty, or a rescan that hangs: the controller has its time."""
    remove(m)
    m.becomes(1, "detached")
    os.rename(f"{m.dir}/sys/away-nvme1", f"{m.dir}/sys/elsewhere")
    m.say("fail", fail)
    m.removal(1, "Restore")
    m.becomes(1, "restoring")
    m.wait(lambda: any("/bus/pci/rescan" in deed for deed in m.deeds()), "its rescan")
    m.say("clock", "0 31\n")
    m.becomes(1, "failed")
    want("nvme1 is not back" in detail(m), detail(m))
    m.say("fail", "")
    os.rename(f"{m.dir}/sys/elsewhere", f"{m.dir}/sys/away-nvme1")
    m.removal(1, "Restore")
    ends(m, "restored", "")


def return_refused(m):
    """What returns and cannot be released is named, and released the next time."""
    remove(m)
    m.becomes(1, "detached")
    m.say("fail", f"write {INVALID} nvme0c1n2/admin_state=online\n")
    m.removal(1, "Restore")
    m.becomes(1, "failed")
    want("releasing nvme0c1n2 failed: Invalid argument" in detail(m), detail(m))
    m.wait(lambda: m.held() == {"nvme0c1n2"}, "the other release")
    m.say("fail", "")
    m.removal(1, "Restore")
    ends(m, "restored", "")


def return_hangs(m):
    remove(m)
    m.becomes(1, "detached")
    m.say("fail", "write 0 nvme0c1n2/admin_state=online\n")
    m.removal(1, "Restore")
    m.becomes(1, "restoring")
    m.wait(lambda: m.held() == {"nvme0c1n1", "nvme0c1n2"}, "the holds")
    m.wait(lambda: m.held() == {"nvme0c1n2"}, "one release")
    m.say("clock", "0 41\n")
    m.becomes(1, "failed")
    want("nvme0c1n2 is held" in detail(m), detail(m))
    m.kill()		# who hangs for ever ends with the daemon
    m.say("fail", "")
    m.say("clock", "0 0\n")
    m.start(0)
    judge(m, {1: {"failed"}})


def detach_never_returns(m):
    m.say("fail", "write 0 /device/remove\n")
    remove(m)
    m.becomes(1, "detaching")
    want(not m.busctl("/io/github/nvmpath1", "org.freedesktop.DBus.Peer", "Ping").returncode,
         "it does not answer meanwhile")
    m.say("clock", "0 31\n")
    ends(m, "rolled-back", "took too long")


def detach_takes_its_time(m):
    """A target that does not answer: its controller stays for longer than its paths."""
    m.say("fail", "write 0 /device/remove\n")
    remove(m)
    m.becomes(1, "detaching")
    m.put("nvme/nvme1/state", "deleting")
    for n in (1, 2):
        os.rename(f"{m.dir}/sys/class/nvme/nvme1/nvme0c1n{n}", f"{m.dir}/sys/gone{n}")
    m.say("clock", "0 31\n")
    m.becomes(1, "failed")
    want("took too long" in detail(m), f"its detail is '{detail(m)}'")
    want(m.objects()["removal/_31"]["CanRestore"], "it cannot be restored")
    m.kill()		# who hangs for ever ends with the daemon
    m.say("fail", "")
    m.start(0)
    want(m.states()[1] == "failed", f"after a restart it is {m.states()[1]}")
    want(m.objects()["removal/_31"]["CanRestore"], "it cannot be restored after a restart")


def hold_while_another_is_written(m):
    """The kernel shows neither as held yet, and both would be too many."""
    m.say("fail", "write 0 nvme0c1n1/admin_state=hold\n")
    with ThreadPoolExecutor(1) as other:
        other.submit(m.manager, "Hold", "sstt", "nvme1", "x", "0", "0")
        m.wait(lambda: m.held() == {"nvme0c1n2"}, "the other path's hold")
        out = m.manager("Hold", "sstt", "nvme0c0n1", "x", "0", "0")
        want(out.returncode and "no usable path is left to nvme0n1" in out.stderr,
             f"a second hold says {out.stderr}{out.stdout}")
        m.kill()	# who hangs for ever ends with the daemon
    m.say("fail", "")
    m.start(0)
    m.manager("Release", "st", "nvme1", "0")
    want(not m.held(), "it cannot be released")


def hold_refused_to_one_of_two(m):
    """The hold that was there before is its owner's still, for as long as it was."""
    def older():
        p = m.objects()["path/nvme0c1n1"]
        return p["AdminState"], p["HoldReason"], p["HoldExpiresUSec"]

    m.manager("Hold", "sstt", "nvme0c1n1", "older", "0", "0")
    was = older()
    want(was == ("hold", "older", 0), f"it is held as {was}")
    m.say("fail", f"write {INVALID} nvme0c1n2/admin_state=hold\n")
    out = m.manager("Hold", "sstt", "nvme1", "newer", "2000000", "0")
    want("holding nvme0c1n2 failed" in out.stderr, f"it says {out.stderr}{out.stdout}")
    want(older() == was, f"it is held as {older()}")
    m.kill()
    m.say("fail", "")
    m.start(0)
    want(older() == was, f"after a restart it is held as {older()}")
    m.say("clock", "0 5\n")
    m.manager("Reload", *[])		# something to wake up for
    want(m.held() == {"nvme0c1n1"}, f"held: {m.held()}")


def hold_by_somebody_else_after_a_refused_one(m):
    """Who was refused is not named for it."""
    m.say("fail", f"write {INVALID} nvme0c1n2/admin_state=hold\n")
    m.manager("Hold", "sstt", "nvme0c1n2", "refused", "0", "0")
    m.put("nvme/nvme1/nvme0c1n2/admin_state", "hold")
    m.manager("Reload", *[])

    def told():
        return m.manager("History", "ttsut", "0", "0", "nvme0c1n2", "0", "0").stdout
    m.wait(lambda: "held by somebody else than nvmpathd" in told() or "refused" in told(),
           "an event")
    want("refused" not in told(), told())


def hold_never_returns(m):
    """The path that did hold is given back; the other is known to be in the air."""
    m.say("fail", "write 0 nvme0c1n2/admin_state=hold\n")
    remove(m)
    m.becomes(1, "holding")
    m.wait(lambda: m.held() == {"nvme0c1n1"}, "the other hold")
    m.say("clock", "0 16\n")
    m.becomes(1, "rolling-back")
    m.say("clock", "0 40\n")
    m.becomes(1, "failed")
    want("took too long" in detail(m), detail(m))
    m.kill()		# who hangs for ever ends with the daemon
    m.say("fail", "")
    m.start(0)
    m.wait(lambda: not m.held() or all(m.objects()[f"path/{p}"]["HoldOwner"] for p in m.held()),
           "an owner of each hold")
    m.manager("Release", "st", "nvme1", "0")
    want(not m.held(), "it cannot be released")


def realtime_jumps(m, by):
    busy(m)
    m.manager("Hold", "sstt", "nvme0c1n2", "x", "3600000000", "0")
    remove(m, "60000000")
    m.becomes(1, "draining")
    m.say("clock", f"{by} 0\n")
    time.sleep(0.3)
    want(m.states()[1] == "draining", f"it is {m.states()[1]}")
    want(m.objects()["path/nvme0c1n2"]["HoldReason"] == "x", "the hold ended")
    m.removal(1, "Cancel")
    m.becomes(1, "rolled-back")
    want(m.held() == {"nvme0c1n2"}, f"held: {m.held()}")
    m.say("clock", f"{by} 7200\n")	# two hours, for those who slept as well
    m.manager("Reload", *[])		# something to wake up for
    m.wait(lambda: not m.held(), "the end of the hold")


def vanish(m, state):
    """All of it goes by itself while the removal is there."""
    stuck = {"holding": "write 0 admin_state=hold\n", "detaching": "write 0 /device/remove\n",
             "rolling-back": "write 0 admin_state=online\n"}.get(state, "")
    if state in ("draining", "rolling-back"):
        busy(m)
    m.say("fail", stuck)
    remove(m, flags="4" if state == "drained" else "0")
    if state == "rolling-back" and m.becomes(1, "draining"):
        m.removal(1, "Cancel")
    m.becomes(1, state)
    m.take_away()
    if state in ("holding", "detaching", "rolling-back"):
        m.say("clock", "0 31\n")
        m.wait(lambda: m.states()[1] != state, "the next state")
        m.say("clock", "0 62\n")
    wanted = {"holding": "failed", "draining": "failed", "drained": "drained",
              "detaching": "failed", "rolling-back": "failed"}[state]
    want(m.becomes(1, wanted), "it died")
    want(m.objects()["removal/_31"]["CanRestore"] == (state == "detaching"), "CanRestore")
    m.wait(lambda: not any(n.startswith("path/nvme0c1") for n in m.objects()),
           "the end of its paths")
    m.kill()
    m.say("fail", "")
    m.say("clock", "0 0\n")
    m.start(0)
    want(m.states()[1] == wanted, f"after a restart it is {m.states()[1]}")
    m.wait(lambda: not m.records("hold-"), "the end of the holds")


def bus_goes(m):
    busy(m)
    remove(m)
    m.becomes(1, "draining")
    m.end_bus()
    m.wait(m.dead, "its end")		# systemd starts it again until there is a bus
    m.kill()
    m.start(0)
    want(m.dead() and "Failed to connect to the bus" in m.log(), "it goes on without a bus")
    m.kill()
    m.begin_bus()
    m.start(0)
    judge(m, {1: {"rolled-back"}})


CASES = [
    ("disk full", disk_full), ("read-only state directory", read_only),
    ("disk full while it drains", full_while_it_drains),
    ("disk full while it rolls back", full_while_it_rolls_back),
    ("hold refused with EBUSY", hold_refused, BUSY, "the last usable path of nvme0n2"),
    ("hold refused with EINVAL", hold_refused, INVALID, "holding nvme0c1n2 failed: Invalid argument"),
    ("hold refused with ENODEV", hold_refused, NO_DEVICE, "holding nvme0c1n2 failed: No such device"),
    ("release refused", release_refused), ("detach refused", detach_refused),
    ("restore refused", restore_refused),
    ("a restore of which nothing comes", restore_without_end, ""),
    ("a restore that never returns", restore_without_end, "write 0 /bus/pci/rescan\n"),
    ("a release of what returns is refused", return_refused),
    ("a release of what returns never ends", return_hangs),
    ("a detach that never returns", detach_never_returns),
    ("a detach that takes its time", detach_takes_its_time),
    ("a hold that never returns", hold_never_returns),
    ("a hold while another one is written", hold_while_another_is_written),
    ("a hold that is refused to one of two paths", hold_refused_to_one_of_two),
    ("somebody else's hold after a refused one", hold_by_somebody_else_after_a_refused_one),
    ("the clock is set forward", realtime_jumps, 86400),
    ("the clock is set back", realtime_jumps, -86400),
    ("the bus goes", bus_goes),
] + [(f"its paths vanish while {s}", vanish, s)
     for s in ("holding", "draining", "drained", "detaching", "rolling-back")]


def case(m, name, work, *args):
    m.fresh(lambda m: None)
    m.start(0)
    work(m, *args)
    m.kill()


def main():
    free.extend(Machine(i) for i in range(WORKERS))
    begin = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda c: run(case, *c), CASES))
    wrong = {args[0]: (text, log) for args, text, log in problems}
    for name, *_ in CASES:
        if name in wrong:
            print(f"not ok - {name}: {wrong[name][0]}\n{wrong[name][1]}")
        else:
            print(f"ok - {name}")
    print(f"# {time.monotonic() - begin:.1f} s")
    return 1 if wrong else 0


sys.exit(main())
