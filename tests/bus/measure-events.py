#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""measure-events.py ADDRESS FIFO SYSFS N MEDIAN-MS P99-MS: changes N paths of a
tree one after the other, each with its event, and takes the time until
PropertiesChanged for it is on the bus. In turns with that a bare relay: a process
that reads one line and one attribute and sends one signal; what that takes is the
machine's and the bus's. Fails where nvmpathd takes more than these limits longer."""
import os
import sys
import time

import dbus
import dbus.mainloop.glib
from gi.repository import GLib

address, fifo, sysfs, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
limits = float(sys.argv[5]), float(sys.argv[6])
RELAY = "io.github.nvmpath1.test.Relay"


def relay(lines):
    bus = dbus.bus.BusConnection(address)
    for line in lines:
        controller, path = line.split()
        with open(f"{sysfs}/class/nvme/{controller}/{path}/path_state") as f:
            state = f.read().strip()
        told = dbus.lowlevel.SignalMessage("/", RELAY, "Told")
        told.append(path, state)
        bus.send_message(told)
        bus.flush()
    os._exit(0)


def start_relay():
    ends = os.pipe()
    if os.fork() == 0:
        os.close(ends[1])
        relay(open(ends[0]))
    os.close(ends[0])
    return open(ends[1], "w")


to_relay = start_relay()
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(address)
loop = GLib.MainLoop()
paths = sorted(f"{c}/{p}" for c in os.listdir(f"{sysfs}/class/nvme")
               for p in os.listdir(f"{sysfs}/class/nvme/{c}") if p.startswith("nvme"))
out = open(fifo, "w")
begin, wanted = 0.0, ""
took = {"nvmpathd": [], "a bare relay": []}
turn = "nvmpathd"


def step():
    global begin, wanted
    i = len(took[turn])
    controller, wanted = paths[i * 37 % len(paths)].split("/")
    if turn == "a bare relay":
        begin = time.monotonic()
        to_relay.write(f"{controller} {wanted}\n")
        to_relay.flush()
        return False
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


def arrived(next_turn):
    global turn
    took[turn].append((time.monotonic() - begin) * 1000)
    turn = next_turn
    if len(took["a bare relay"]) == count:
        loop.quit()
    else:
        GLib.timeout_add(2, step)


def on_changed(interface, changed, _gone, path=None):
    if turn == "nvmpathd" and "PathState" in changed and path.endswith("/" + wanted):
        arrived("a bare relay")


def on_relayed(path, _state):
    if turn == "a bare relay" and path == wanted:
        arrived("nvmpathd")


bus.add_signal_receiver(on_changed, "PropertiesChanged", path_keyword="path",
                        arg0="io.github.nvmpath1.Path")
bus.add_signal_receiver(on_relayed, "Told", RELAY)
GLib.timeout_add_seconds(60, loop.quit)
GLib.timeout_add(200, step)
loop.run()
if len(took["a bare relay"]) < count:
    sys.exit(f"only {len(took['a bare relay'])} of {count} changes were told")
found = {}
for who, times in took.items():
    times.sort()
    found[who] = times[count // 2], times[count * 99 // 100]
    print(f"{who} median {found[who][0]:.2f} ms, p99 {found[who][1]:.2f} ms, "
          f"slowest {times[-1]:.2f} ms")
print(f"{len(paths)} paths, {count} events of each")
sys.exit(any(n - r > limit for n, r, limit in
             zip(found["nvmpathd"], found["a bare relay"], limits)))
