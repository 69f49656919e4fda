# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private bus with the stand-in daemon, and the environment to call it in."""

import os
import re
import subprocess
import sys
import time

BUS_CONFIG = """<busconfig>
  <type>session</type>
  <listen>unix:path={dir}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/> <allow own="*"/>
    <allow send_destination="*"/> <allow receive_sender="*"/>
  </policy>
</busconfig>
"""


def start_bus(directory):
    config = os.path.join(directory, "bus.conf")
    with open(config, "w") as f:
        f.write(BUS_CONFIG.format(dir=directory))
    bus = subprocess.Popen(["dbus-daemon", "--nofork", "--print-address=1",
                            "--config-file=" + config], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True)
    return bus, bus.stdout.readline().strip()


def read_scenario(path):
    with open(path) as f:
        text = f.read()
    now = int(time.time())
    return re.sub(r'"@NOW-(\d+)@"', lambda m: str((now - int(m[1])) * 1000000), text)


def start_fake(program, text, directory, env):
    path = os.path.join(directory, "scenario.json")
    with open(path, "w") as f:
        f.write(text)
    fake = subprocess.Popen([program, path], stdout=subprocess.PIPE, text=True, env=env)
    env["FAKE"] = program + " " + path
    if fake.stdout.readline() != "ready\n":
        sys.exit("the stand-in daemon did not start")
    return fake


def environment(ctl, address):
    env = dict(os.environ, LC_ALL="C", TZ="UTC", TERM="dumb", DBUS_SYSTEM_BUS_ADDRESS=address)
    env.pop("COLUMNS", None)
    here = os.path.dirname(os.path.abspath(__file__))
    env["SOURCE"] = os.path.join(here, "..", "..")
    env["PATH"] = ":".join([os.path.dirname(os.path.abspath(ctl)), here + "/bin", env["PATH"]])
    return env
