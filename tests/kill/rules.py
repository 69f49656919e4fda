# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of a killed daemon share, on a private bus and in the lab."""
import re

RESTS = {"drained", "detached", "restored", "refused", "rolled-back", "failed"}


def expected(state, there):
    """What may become of a record in that state: docs/REMOVAL.md, After a restart."""
    if state in RESTS:
        return {state}
    if state == "detaching":
        return {"rolled-back"} if there else {"detached"}
    if state == "restoring":
        return {"restored"} if there else {"detached"}
    return {"rolled-back"}


def cells_of(log, states):
    """The cells of the core's table in which a daemon died: LOG is what it said at
    level debug, STATES what its records say, by removal."""
    steps = {}
    for job, *cell in re.findall(r"Removal (\d+): \S+, \S+ -> (\S+), (\S+)", log):
        steps[job] = tuple(cell)
    return set(steps.values()) | {(s, "none") for s in states.values() if s == "requested"}
