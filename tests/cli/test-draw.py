#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables that nvmpathctl draws itself are, byte for byte, what libsmartcols prints:
the topologies' trees at several widths, in both alphabets, with and without colours,
and other tables.

    test-draw.py NVMPATHCTL-THAT-ALWAYS-DRAWS NVMPATHCTL-THAT-NEVER-DOES FAKE-NVMPATHD
"""

import json
import os
import subprocess
import sys
import tempfile

import topology
from stand_in import environment, read_scenario, start_bus, start_fake

HERE = os.path.dirname(os.path.abspath(__file__))
# columns (None: no terminal), locale, colours
FORMS = [(None, "C", "0"), (None, "C.UTF-8", "0"), ("80", "C", "0"), ("80", "C.UTF-8", "1"),
         ("200", "C.UTF-8", "0"), ("200", "C", "1")]
TABLES = ["tree --no-legend", "tree -o name,condition", "tree -o condition,name",
          "tree nvme0n1", "status", "list", "list controller -o controller,paths",
          "list namespace", "list subsystem", "list removal", "stats"]


def run(ctl, verb, env):
    done = subprocess.run([ctl] + verb.split(), env=env, capture_output=True, check=False,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def form(env, width, locale, colors):
    env = dict(env, LC_ALL=locale, SYSTEMD_COLORS=colors)
    if width:
        env["COLUMNS"] = width
    return env


def scenarios():
    for name in ("pair", "ana", "empty", "degraded"):
        yield name, json.dumps(getattr(topology, name)()), FORMS, []
    yield "large", json.dumps(topology.large()), FORMS[1::3], []
    text = read_scenario(f"{HERE}/scenarios/verbs.json")
    yield "verbs", text, FORMS, [(table, how) for table in TABLES for how in FORMS[1::3]]


def uses_library(ctl, verb, env):
    """Whether a function of libsmartcols is bound, which happens when it is first called."""
    bound = run(ctl, verb, dict(env, LD_DEBUG="bindings"))[2]
    ours = b"binding file " + os.fsencode(ctl)
    return any(ours in line and b"scols_new_table" in line for line in bound.splitlines())


def compare(drawn, printed, cases, env):
    good = True
    for verb, how in cases:
        one, other = (run(ctl, verb, form(env, *how)) for ctl in (drawn, printed))
        if one != other or one[0]:
            print(f"# {verb}: {how}\n# drawn: {one}\n# printed: {other}")
            good = False
    return good


def judge(good, what):
    print(f"{'ok' if good else 'not ok'} - {what}")
    return good


def main():
    drawn, printed, fake = sys.argv[1:4]
    good = True
    for name, text, forms, tables in scenarios():
        with tempfile.TemporaryDirectory() as directory:
            bus, address = start_bus(directory)
            env = environment(drawn, address)
            service = start_fake(fake, text, directory, env)
            try:
                good &= judge(compare(drawn, printed, [("tree", f) for f in forms] + tables,
                                      env),
                              f"{name}: the same bytes")
                good &= judge(not uses_library(drawn, "tree", env) and
                              uses_library(printed, "tree", env),
                              f"{name}: one drew it, the other had it printed")
                good &= judge(uses_library(drawn, "tree", form(env, "40", "C", "0")),
                              f"{name}: what does not fit is libsmartcols'")
            finally:
                for p in (service, bus):
                    p.terminate()
                    p.wait()
    return 0 if good else 1


sys.exit(main())
