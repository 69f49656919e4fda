#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Replays a transcript: every line "$ COMMAND" is run again, on a private bus,
and must give the output and exit code that follow.

    run-transcript.py NVMPATHCTL FAKE-NVMPATHD NVMPATHD TRANSCRIPT [--update]

The transcript's first lines say what answers on the bus:

    # scenario: FILE    the stand-in daemon; "@NOW-SECONDS@" in the scenario
                        becomes that time in microseconds
    # topology: NAME      the stand-in daemon with a topology of topology.py
    # daemon: patched   nvmpathd itself on the tree of plain files that
    # daemon: stock     tests/bus/fake-sysfs.sh makes, which is $SYS; nvme-cli's
                        exclusion list is $EXCLUSIONS; $DAEMON starts nvmpathd again,
                        $DAEMON_PID is its process; nvmpath-helper runs beside it

With neither, nothing does.
"""

import difflib
import json
import os
import subprocess
import sys
import tempfile
import time

import topology
from stand_in import environment, read_scenario, start_bus, start_fake


def start_helper(program, socket):
    helper = subprocess.Popen([os.path.join(os.path.dirname(program), "nvmpath-helper"),
                               "--socket=" + socket], stderr=subprocess.DEVNULL)
    for _ in range(300):
        if os.path.exists(socket):
            return helper
        time.sleep(0.1)
    sys.exit("nvmpath-helper did not start")


def start_daemon(program, kind, directory, env):
    sysfs, run, root, socket = (os.path.join(directory, d)
                                for d in ("sys", "run", "root", "helper"))
    os.mkdir(sysfs)
    os.mkdir(run)
    os.makedirs(root + "/etc/nvme")
    fake = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bus", "fake-sysfs.sh")
    subprocess.run(["bash", "-c", '. "$1"; fake_pair "$2" "$3"', "-", fake, sysfs, kind],
                   check=True)
    env.update(SYS=sysfs + "/class/nvme", EXCLUSIONS=root + "/etc/nvme/exclusions.conf.d")
    command = [program, "--sysfs=" + sysfs, "--run-dir=" + run, "--config-root=" + root,
               "--helper=" + socket, "--poll-interval=50", "--log-level=err"]
    helper = start_helper(program, socket)
    daemon = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    env.update(DAEMON=" ".join(command), DAEMON_PID=str(daemon.pid))
    for _ in range(300):
        if subprocess.run(["nvmpathctl", "list"], env=env, capture_output=True).returncode == 0:
            return [daemon, helper]
        time.sleep(0.1)
    sys.exit("nvmpathd did not start")


def header(lines, key):
    found = (l.split(":", 1)[1].strip() for l in lines if l.startswith("# " + key + ":"))
    return next(found, None)


def start_services(programs, lines, transcript, directory, env):
    scenario, kind = header(lines, "scenario"), header(lines, "daemon")
    name = header(lines, "topology")
    if scenario:
        base = os.path.join(os.path.dirname(transcript), "..", "scenarios")
        return [start_fake(programs[0], read_scenario(os.path.join(base, scenario)), directory,
                           env)]
    if name:
        text = json.dumps(getattr(topology, name)())
        return [start_fake(programs[0], text, directory, env)]
    if kind:
        return start_daemon(programs[1], kind, directory, env)
    return []


def replay(lines, env):
    """The transcript as it is now; what stands between commands is dropped."""
    out, in_output = [], False
    for line in lines:
        if line.startswith("$ "):
            in_output = True
            done = subprocess.run(["sh", "-c", line[2:]], env=env, text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=300)
            out.append(line)
            out += done.stdout.splitlines(keepends=True)
            out.append("[exit %d]\n" % done.returncode)
        elif line.startswith("[exit "):
            in_output = False
        elif not in_output:
            out.append(line)
    return out


def main():
    ctl, *programs, transcript = sys.argv[1:5]
    with open(transcript) as f:
        lines = f.readlines()
    with tempfile.TemporaryDirectory() as directory:
        os.environ["TMPDIR"] = directory
        bus, address = start_bus(directory)
        env, services = environment(ctl, address), []
        try:
            services = start_services(programs, lines, transcript, directory, env)
            now = replay(lines, env)
        finally:
            for p in [*services, bus]:
                p.terminate()
                p.wait()
    if "--update" in sys.argv:
        with open(transcript, "w") as f:
            f.writelines(now)
        return 0
    diff = list(difflib.unified_diff(lines, now, "expected", "got"))
    sys.stdout.writelines(diff)
    return 1 if diff else 0


sys.exit(main())
