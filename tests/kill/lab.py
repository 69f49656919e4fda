#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""lab.py DIR NQN KIND...: in the lab's machine, kills the installed daemon before each
deed of KIND (one of KINDS, with its object: "remove path"), which systemd then starts
again; with "deep" after it, the daemon that recovers is killed before each of its
deeds, too. The daemon runs with kill.c preloaded and its files in DIR, where systemd
leaves the records of each that died (DIR/INVOCATION). What comes of it is judged by
nvmpathctl and sysfs. A line a cell of that matrix; the cells of the core's table in
which daemons died are added to DIR/cells, a line each."""
import glob
import json
import os
import shutil
import socket
import subprocess
import sys
import time

from rules import RESTS, cells_of, expected

top, nqn = sys.argv[1:3]
HOOK = "/etc/nvmpath/hooks.d/refuse"	# it lets no removal begin
PATIENCE = 60
MANY_DEEDS = 60	# more than any of them takes
SOON = 0.5	# what comes after the end of a removal has come by then
MARK = "the daemon is to be killed"	# in the journal, where a cell begins
left = []	# of each cell the records that those left who died in it


class Problem(Exception):
    pass


def wait(done, what):
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise Problem(f"{what} did not come")
        time.sleep(0.02)


def first_line(file):
    try:
        with open(file) as f:
            return f.readline().strip()
    except OSError:
        return ""


# ---- what the machine shows ----------------------------------------------------

def controllers():
    """Names by address."""
    found = {}
    for d in glob.glob("/sys/class/nvme/nvme*"):
        if first_line(f"{d}/subsysnqn") == nqn:
            found[first_line(f"{d}/address")] = os.path.basename(d)
    return found


def paths():
    """Folders by (address, namespace id)."""
    return {(address, first_line(f"{d}/nsid")): d for address, name in controllers().items()
            for d in glob.glob(f"/sys/class/nvme/{name}/nvme*c*n*")}


HOME = sorted(paths())
ADDRESS = HOME[0][0]	# of the controller that is acted on
MINE = {"path": HOME[:1], "controller": [p for p in HOME if p[0] == ADDRESS]}


def name_of(kind):
    if kind == "controller":
        return controllers().get(ADDRESS)
    return os.path.basename(paths().get(HOME[0], "")) or None


def held():
    return {p for p, d in paths().items() if first_line(f"{d}/admin_state") == "hold"}


def usable(place):
    return first_line(f"{paths().get(place, '')}/path_state") == "usable"


# ---- what the command line says ------------------------------------------------

def ctl(*args):
    return subprocess.run(["nvmpathctl", *args], capture_output=True, text=True,
                          timeout=90, check=False)


def listed(kind):
    """None where nobody answers."""
    out = ctl("list", kind, "--json=short")
    return None if out.returncode else json.loads(out.stdout)[kind + "s"]


def removals():
    rows = listed("removal")
    return {} if rows is None else {r["id"]: r for r in rows}


def at_rest():
    rows = listed("removal")
    return rows is not None and all(r["state"] in RESTS for r in rows)


# ---- deaths ---------------------------------------------------------------------

def graves():
    return sorted(glob.glob(f"{top}/death-*"), key=os.path.getmtime)


def to_killer(numbers):
    with open(f"{top}/new", "w") as f:
        f.write(" ".join(map(str, numbers)) + "\n")
    os.rename(f"{top}/new", f"{top}/at")


def disarm():
    to_killer((0,))
    if os.path.exists(f"{top}/at.next"):
        os.unlink(f"{top}/at.next")


def arm(numbers):
    left.append([])
    for d in graves():
        shutil.rmtree(d)
    open(f"{top}/deeds", "w").close()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
        journal.sendto(f"MESSAGE={MARK}\n".encode(), "/run/systemd/journal/socket")
    to_killer(numbers)


def killed():
    """The deeds that were not done."""
    with open(f"{top}/deeds") as f:
        return [line.split(" ", 2)[2].strip() for line in f if line.startswith("killed before")]


def deaths():
    """Records as the dead left them, by removal, in the order in which they died."""
    found = []
    for d in graves():
        records = {}
        for file in glob.glob(f"{d}/removal-*.json"):
            with open(file) as f:
                r = json.load(f)
            records[r["id"]] = r["state"]
        found.append(records)
    return found


def see_deaths(numbers):
    """Waits for those that are to come, and for the daemon that lives; how many died."""
    since = time.monotonic()
    while len(killed()) < len(numbers) and time.monotonic() - since < SOON:
        if len(graves()) < len(killed()) or not at_rest():
            since = time.monotonic()
    disarm()
    wait(at_rest, "a daemon that answers, and the end of the removals")
    left[-1] = deaths()
    if len(left[-1]) != len(killed()):
        raise Problem(f"{len(killed())} were killed, and {len(left[-1])} died")
    return len(left[-1])


# ---- what is done, one function a kind, with the exit codes that are success ------

def remove(kind):
    return ctl("remove", name_of(kind)), {"detached"}


def restore(kind):
    return ctl("restore", str(max(removals()))), {"restored"}


def drain(kind):
    return ctl("drain", name_of(kind)), {"drained"}


def hold(kind):
    return ctl("hold", name_of(kind)), set()


def release(kind):
    return ctl("release", name_of(kind)), set()


def late(kind):
    """What was lost keeps it from being quiet."""
    return ctl("remove", name_of(kind), "--timeout=1s"), {"rolled-back"}


def late_drain(kind):
    return ctl("drain", name_of(kind), "--timeout=1s"), {"failed"}


def queued(kind):
    """A second one waits for the first, which runs out of time."""
    first = subprocess.Popen(["nvmpathctl", "remove", name_of(kind), "--timeout=2s"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait(lambda: held() or killed(), "the hold of the first")
    out = ctl("drain", name_of(kind), "--timeout=1s")
    first.wait()
    return out, {"failed"}


def refused(kind):
    return ctl("remove", name_of(kind)), {"refused"}


def before_refused(kind):
    os.makedirs(os.path.dirname(HOOK), exist_ok=True)
    with open(HOOK, "w") as f:
        f.write('#!/bin/sh\n[ "$1" != pre ]\n')
    os.chmod(HOOK, 0o755)


def before_restore(kind):
    if ctl("remove", name_of(kind)).returncode:
        raise Problem("it cannot be removed")


def before_release(kind):
    if ctl("hold", name_of(kind)).returncode:
        raise Problem("it cannot be held")


KINDS = {	# what has to be done first, unharmed; what is done
    "remove": (None, remove), "restore": (before_restore, restore), "drain": (None, drain),
    "hold": (None, hold), "release": (before_release, release),
    "refused": (before_refused, refused), "late": (None, late), "late-drain": (None, late_drain), "queued": (None, queued),
}


# ---- what must come of it --------------------------------------------------------

def judge_removal(job, r):
    """It ends as docs/REMOVAL.md says for the record that the last daemon left."""
    mine = MINE["path" if r["object_kind"] == "path" else "controller"]
    there = all(p in paths() for p in mine)
    text = f"{r['state']} ({r['detail']}), and is {'there' if there else 'gone'}"
    for records in left[-1][-1:]:
        if job in records and r["state"] not in expected(records[job], there):
            raise Problem(f"removal {job} was {records[job]} and became {text}")
    if r["state"] != "failed" and there == (r["state"] == "detached"):
        raise Problem(f"removal {job} is {text}")


def judge_holds(kind):
    rows = listed("path")
    names = {os.path.basename(d): p for p, d in paths().items()}
    told = {names[r["name"]] for r in rows if r["admin_state"] == "hold"}
    for r in rows:
        if r["admin_state"] == "hold" and not r["hold_owner"]:
            raise Problem(f"{r['name']} is held, and nobody owns that")
    if told != held():
        raise Problem(f"the daemon says that {told} are held, and the kernel {held()}")
    if held() - set(MINE[kind]):
        raise Problem(f"{held()} were not to be held")
    for p in set(HOME) - set(MINE[kind]):
        if not usable(p):
            raise Problem(f"{p} was not to be touched")


def judge(kind, before, out, good):
    """What it came to, in a word."""
    ids = removals()
    new = sorted(set(ids) - before)
    for job in new:
        judge_removal(job, ids[job])
    judge_holds(kind)
    if not good:
        return "held" if held() else "not held"
    end = ids[new[-1]]["state"] if new else "nothing begun"
    if out.returncode == 0 and end not in good:
        raise Problem(f"nvmpathctl says it is done, and it is {end}")
    return end


def as_before():
    """Everything is given back, unharmed; what was held or away is usable again."""
    if os.path.exists(HOOK):
        os.unlink(HOOK)
    for r in removals().values():
        if r["can_restore"] and ctl("restore", str(r["id"])).returncode:
            raise Problem(f"removal {r['id']} cannot be restored: {r['state']}, {r['detail']}")
    for p in held():
        ctl("release", os.path.basename(paths()[p]))
    wait(lambda: sorted(paths()) == HOME and all(map(usable, HOME)), "the paths")


def note_cells():
    """What the dead daemons had said last, in the words of the core's table."""
    log = subprocess.run(["journalctl", "-b", "-o", "cat", "--no-pager"],
                         capture_output=True, text=True, check=True).stdout
    hit = set()
    for part, deaths_of in zip(log.split(MARK)[-len(left):], left):
        for life, states in zip(part.split("code=killed, status=9/KILL"), deaths_of):
            hit |= cells_of(life, states)
    with open(f"{top}/cells", "a") as f:
        f.writelines(f"{state} {action}\n" for state, action in sorted(hit))


# ---- one death, or two -----------------------------------------------------------

def short(deed):
    verb, _, what = deed.partition(" ")
    return f"{verb} {'/'.join(what.split('/')[-2:])}"


def cell(verb, kind, numbers):
    """Its daemon killed before that deed, the next one before that of its own; how many died."""
    prepare, act = KINDS[verb]
    if prepare:
        prepare(kind)
    before = set(removals()) - ({max(removals())} if verb == "restore" else set())
    arm(numbers)
    out, good = act(kind)
    died = see_deaths(numbers)
    end = judge(kind, before, out, good)
    if died:
        on_record = [s for r in left[-1] for job, s in sorted(r.items())[-1:] if job not in before]
        print(f"ok - {verb} {kind}: killed before deed {' and '.join(map(str, numbers[:died]))} "
              f"({', then '.join(map(short, killed()))}), on record "
              f"{', '.join(on_record) or 'nothing'}: {end}", flush=True)
    as_before()
    return died


def walk(verb, kind, deep):
    total, n, k = 0, 1, 0
    while n <= MANY_DEEDS:
        numbers = (n, k) if k else (n,)
        try:
            died = cell(verb, kind, numbers)
        except (Problem, subprocess.TimeoutExpired, KeyError, ValueError) as e:
            print(f"not ok - {verb} {kind}, killed before deeds {numbers}: "
                  f"{type(e).__name__} {e}", flush=True)
            died = len(numbers)
            disarm()
            wait(at_rest, "the end of the removals")
            as_before()
        if not died:
            if total == 0:
                print(f"not ok - {verb} {kind}: nobody died")
            return total
        total += died
        if deep and died == len(numbers):
            k += 1	# until who recovers has no such deed
        else:
            n, k = n + 1, 0
    print(f"not ok - {verb} {kind}: it does not come to its end")
    return total


def main():
    total, begin = 0, time.monotonic()
    for word in sys.argv[3:]:
        verb, kind, *deep = word.split()
        total += walk(verb, kind, deep)
    note_cells()
    print(f"# {total} deaths in {time.monotonic() - begin:.0f} s")


main()
