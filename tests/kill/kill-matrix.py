#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""kill-matrix.py NVMPATHD KILLER CELLS DIR: kills the daemon before every deed
of every kind of removal, and after the last; and the next daemon before every
deed of its recovery. DIR has a bus.conf and the tree sys. Whatever was killed
where, the one that is left must end as docs/REMOVAL.md says for what the record
said, with nothing held that nobody owns and no path touched that was not asked
for. Each cell of the core's table (CELLS prints them) must have been hit."""
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from machine import (Machine, RESTS, cells, free, hit, judge, nvmpathd, problems, run,
                     wanted_after)

WORKERS = 8

# ---- what is done, one function a kind; each returns early where the daemon died --

def busy(m):
    m.put("nvme/nvme1/nvme0c1n1/drain_state", "draining")


def remove(m):
    m.manager("Remove", "stst", "nvme1", "0", "x", "0")
    m.becomes(1, "detached")


def restore(m):
    m.manager("Remove", "stst", "nvme1", "0", "x", "0")
    if m.becomes(1, "detached"):
        m.removal(1, "Restore")
        m.becomes(1, "restored")


def drain(m):
    m.manager("Drain", "stst", "nvme1", "0", "x", "0")
    m.becomes(1, "drained")


def maintenance(m):
    m.manager("Remove", "stst", "nvme1", "0", "x", "4")
    m.becomes(1, "drained")


def cancel(m):
    m.manager("Remove", "stst", "nvme1", "60000000", "x", "0")
    if m.becomes(1, "draining"):
        m.removal(1, "Cancel")
        m.becomes(1, "rolled-back")


def late(m):
    m.manager("Drain", "stst", "nvme1", "200000", "x", "0")
    m.becomes(1, "failed")


def last(m):
    m.manager("Remove", "stst", "nvme1", "0", "x", "0")
    m.becomes(1, "rolled-back")


def single(m):
    m.manager("Remove", "stst", "nvme0c1n1", "0", "x", "0")
    m.becomes(1, "refused")


def queued(m):
    m.manager("Remove", "stst", "nvme1", "60000000", "x", "0")
    if m.becomes(1, "draining"):
        m.manager("Drain", "stst", "nvme1", "0", "y", "0")
        if m.becomes(2, "queued"):
            m.removal(1, "Cancel")
            if m.becomes(1, "rolled-back"):
                m.put("nvme/nvme1/nvme0c1n1/drain_state", "drained")
                m.becomes(2, "drained")


def idle(m):
    pass


SCENARIOS = {	# tweak, act, path that this kernel does not hold
    "remove": (idle, remove, ""), "restore": (idle, restore, ""),
    "drain": (idle, drain, ""), "maintenance": (idle, maintenance, ""),
    "cancel": (busy, cancel, ""), "late": (busy, late, ""),
    "last": (idle, last, "nvme0c1n2"), "single": (idle, single, ""),
    "queued": (busy, queued, ""),
}


def walk(m, name, first, second):
    """Killed before deed FIRST of the scenario, and before deed SECOND of the
    recovery (0: not). Returns the record's states and the recovery's deeds."""
    tweak, act, refuse = SCENARIOS[name]
    m.fresh(tweak)
    m.start(first, refuse)
    act(m)
    m.end()
    states, wanted = (tuple(sorted(m.states().items())), m.there("nvme1")), wanted_after(m)
    m.start(second, refuse)
    if second:
        m.wait(m.dead, "the second death")
        m.end()
        wanted = wanted_after(m)
        m.start(0, refuse)
    judge(m, wanted)
    deeds = len(m.deeds())
    m.end()
    return states, deeds


def count(m, name):
    tweak, act, refuse = SCENARIOS[name]
    m.fresh(tweak)
    m.start(0, refuse)
    act(m)
    n, since = 0, time.monotonic()
    while time.monotonic() - since < 0.3:	# what comes after the end
        if len(m.deeds()) != n:
            n, since = len(m.deeds()), time.monotonic()
        time.sleep(0.02)
    m.end()
    return n


def in_parallel(pool, work, jobs):
    return list(zip(jobs, pool.map(lambda j: run(work, *j), jobs)))


def main():
    begin = time.monotonic()
    free.extend(Machine(i) for i in range(WORKERS))
    with ThreadPoolExecutor(WORKERS) as pool:
        counts = in_parallel(pool, count, [(name,) for name in SCENARIOS])
        first = in_parallel(pool, walk, [(name, n, 0) for (name,), total in counts if total
                                         for n in range(1, total + 2)])
        deep = {}
        for (name, n, _), result in first:
            if result and len(result[0][0]) == 1 and result[0][0][0][1] not in RESTS:
                deep[result[0]] = (name, n, result[1])	# the last with that record
        second = in_parallel(pool, walk, [(name, n, k) for name, n, deeds in deep.values()
                                          for k in range(1, deeds + 1)])
    for (name,), total in counts:
        print(f"ok - {name}: killed before each of its {total} deeds, and after")
    for args, text, log in problems:
        print(f"not ok - {args}: {text}\n" + log)
    wanted = {tuple(line.split()) for line in subprocess.run(
        [cells], capture_output=True, text=True, check=True).stdout.splitlines()}
    missed = sorted(wanted - hit)
    print(f"{'not ok' if missed else 'ok'} - cells of the core's table hit: {len(wanted & hit)} of "
          f"{len(wanted)}{': not ' if missed else ''}" + ", ".join("/".join(c) for c in missed))
    print(f"# {len(first)} deaths, and {len(second)} of a second daemon, "
          f"{time.monotonic() - begin:.1f} s")
    return 1 if missed or problems else 0


sys.exit(main())
