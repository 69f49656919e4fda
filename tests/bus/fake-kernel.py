#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""fake-kernel.py TREE AWAY: what the kernel does when admin_state or
delete_controller of a tree that looks like sysfs is written. A controller that
is deleted is moved to AWAY.NAME."""
import glob
import os
import sys
import time

tree, away = sys.argv[1:]


def read(name):
    try:
        with open(name) as f:
            return f.read().strip()
    except OSError:
        return None


def poke(name, text):
    """Whole or not at all, and never of an object that is gone."""
    try:
        with open(f"{name}.kernel", "w") as f:
            f.write(text + "\n")
        os.rename(f"{name}.kernel", name)
    except OSError:
        pass


def hold_or_not(path):
    state = read(f"{path}/path_state")
    wanted = "held" if read(f"{path}/admin_state") == "hold" else "usable"
    if state is not None and state != wanted:
        poke(f"{path}/path_state", wanted)


def delete(controller):
    name = os.path.basename(controller)
    try:
        os.rename(controller, f"{away}.{name}")
    except OSError:
        return
    for link in glob.glob(f"{tree}/class/nvme-subsystem/*/{name}"):
        os.unlink(link)


while True:
    for directory in glob.glob(f"{tree}/class/nvme/nvme*"):
        for one in glob.glob(f"{directory}/nvme*c*n*"):
            hold_or_not(one)
        if read(f"{directory}/delete_controller") == "1":
            delete(directory)
    time.sleep(0.01)
