#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""measure-events.py ADDRESS FIFO SYSFS N MEDIAN-MS P99-MS: changes N paths of a
tree one after the other, each with its event, and takes the time until
PropertiesChanged for it is on the bus. Fails over these limits."""
import os
import sys
import time

import dbus
import dbus.mainloop.glib
from gi.repository import GLib

address, fifo, sysfs, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
limits = float(sys.argv[5]), float(sys.argv[6])
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(address)
loop = GLib.MainLoop()
paths = sorted(f"{c}/{p}" for c in os.listdir(f"{sysfs}/class/nvme")
               for p in os.listdir(f"{sysfs}/class/nvme/{c}") if p.startswith("nvme"))
out = open(fifo, "w")
begin, took, wanted = 0.0, [], ""


def step():
    global begin, wanted
    i = len(took)
    controller, wanted = paths[i * 37 % len(paths)].split("/")
    name = f"{sysfs}/class/nvme/{controller}/{wanted}/path_state"
    word = "ns_not_ready" if open(name).read().startswith("usable") else "usable"
    with open(name + ".new", "w") as f:
        f.write(word + "\n")
    os.rename(name + ".new", name)
    begin = time.monotonic()
    out.write(f"uevent\tchange@/x/{controller}\tACTION=change\tDEVPATH=/x/{controller}\t"
              f"SUBSYSTEM=nvme\tNVME_EVENT=path_state\tNVME_PATH={wanted}\tNVME_SEQ=1\n")
    out.flush()
    return False


def on_changed(interface, changed, _gone, path=None):
    if "PathState" not in changed or not path.endswith("/" + wanted):
        return
    took.append((time.monotonic() - begin) * 1000)
    if len(took) == count:
        loop.quit()
    else:
        GLib.timeout_add(2, step)


bus.add_signal_receiver(on_changed, "PropertiesChanged", path_keyword="path",
                        arg0="io.github.nvmpath1.Path")
GLib.timeout_add_seconds(60, loop.quit)
GLib.idle_add(step)
loop.run()
took.sort()
if len(took) < count:
    sys.exit(f"only {len(took)} of {count} changes were told")
median, p99 = took[count // 2], took[count * 99 // 100]
print(f"{len(paths)} paths, {count} events: median {median:.2f} ms, "
      f"p99 {p99:.2f} ms, slowest {took[-1]:.2f} ms")
sys.exit(median > limits[0] or p99 > limits[1])
