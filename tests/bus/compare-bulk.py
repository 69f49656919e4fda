# SPDX-License-Identifier: LGPL-2.1-or-later
"""GetManagedObjectsAsFile against GetManagedObjects: the same objects, and the
same value of every property that is announced, but for AnaGroups.

    compare-bulk.py ADDRESS
    compare-bulk.py ADDRESS FIFO SYSFS

The second form, for a daemon that hears of changes by FIFO, also says how soon
each is there, and fails where the file gains less than it should in this run.
"""

import mmap
import os
import sys
import time
from xml.etree import ElementTree

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME, ROOT = "io.github.nvmpath1", "/io/github/nvmpath1"
OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"


def connect(address):
    flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
             Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


def call(bus, path, interface, member, args=None):
    return bus.call_sync(NAME, path, interface, member, args, None,
                         Gio.DBusCallFlags.NONE, 60000, None)


def get_file(bus):
    """A descriptor."""
    reply, fds = bus.call_with_unix_fd_list_sync(
        NAME, ROOT, NAME + ".Manager", "GetManagedObjectsAsFile", GLib.Variant("(t)", (0,)),
        None, Gio.DBusCallFlags.NONE, 60000, None, None)
    return fds.get(reply.unpack()[0])


def unescape(text):
    out, rest = "", iter(text)
    for c in rest:
        if c == "\\":
            c = {"t": "\t", "n": "\n", "\\": "\\"}[next(rest)]
        out += c
    return out


def read_file(fd):
    """{(kind, name): {property: text}}"""
    with mmap.mmap(fd, 0, prot=mmap.PROT_READ) as m:
        lines = m[:].decode().split("\n")
    assert lines[0] == "nvmpath-objects\t1", lines[0]
    assert lines[-1] == ""
    objects, kind, columns = {}, None, None
    for line in lines[1:-1]:
        fields = line.split("\t")
        if line.startswith("#"):
            kind, columns = fields[0][1:], fields[1:]
            continue
        assert len(fields) == len(columns), line
        objects[kind, unescape(fields[0])] = dict(zip(columns, map(unescape, fields)))
    return objects


def decode(path):
    """The name in an object path."""
    if path == "/":
        return ""
    last, out = path.rsplit("/", 1)[1], ""
    while last:
        if last[0] == "_":
            out, last = out + chr(int(last[1:3], 16)), last[3:]
        else:
            out, last = out + last[0], last[1:]
    return out


def as_text(value):
    """A GVariant as the file has it."""
    kind, v = value.get_type_string(), value.unpack()
    if kind in ("as", "ao"):
        return " ".join(decode(x) if kind == "ao" else x for x in v)
    if kind == "o":
        return decode(v)
    if kind == "b":
        return str(int(v))
    return str(v)


def announced(bus, path, interface):
    """The properties of the interface that are announced, or never change."""
    xml = call(bus, path, "org.freedesktop.DBus.Introspectable", "Introspect").unpack()[0]
    names = set()
    for p in ElementTree.fromstring(xml).iterfind(f"interface[@name='{interface}']/property"):
        how = p.find("annotation[@name='org.freedesktop.DBus.Property.EmitsChangedSignal']")
        if how is None or how.get("value") != "false":
            names.add(p.get("name"))
    return names - {"AnaGroups"}


def from_messages(bus):
    objects, wanted = {}, {}
    reply = call(bus, ROOT, OBJECT_MANAGER, "GetManagedObjects").get_child_value(0)
    for i in range(reply.n_children()):
        entry = reply.get_child_value(i)
        path, interfaces = entry.get_child_value(0).get_string(), entry.get_child_value(1)
        for j in range(interfaces.n_children()):
            pair = interfaces.get_child_value(j)
            interface, values = pair.get_child_value(0).get_string(), pair.get_child_value(1)
            if not interface.startswith(NAME + ".") or interface.endswith(".Manager"):
                continue
            if interface not in wanted:
                wanted[interface] = announced(bus, path, interface)
            found = {}
            for k in range(values.n_children()):
                value = values.get_child_value(k)
                member = value.get_child_value(0).get_string()
                if member in wanted[interface]:
                    found[member] = as_text(value.get_child_value(1).get_variant())
            objects[interface.rsplit(".", 1)[1].lower(), decode(path)] = found
    return objects


def read_both(bus):
    """At one time: nothing was announced between the file and the messages."""
    for _ in range(100):
        before, messages, after = get_file(bus), from_messages(bus), get_file(bus)
        same = os.fstat(before).st_ino == os.fstat(after).st_ino
        file = read_file(before)
        os.close(before)
        os.close(after)
        if same:
            return file, messages
    sys.exit("things change all the time")


def compare(bus):
    file, messages = read_both(bus)
    bad = 0
    for key in sorted(set(file) | set(messages)):
        a, b = file.get(key), messages.get(key)
        if a is None or b is None:
            print(key, "is in the", "file" if b is None else "messages", "only")
            bad += 1
            continue
        for member in sorted(set(a) | set(b)):
            if a.get(member) != b.get(member):
                print(*key, member, f"file {a.get(member)!r}, messages {b.get(member)!r}")
                bad += 1
    if not bad:
        print(len(file), "objects")
    return bad


def took(function):
    begin = time.monotonic()
    value = function()
    return time.monotonic() - begin, value


def took_anew(bus, fifo, sysfs, word):
    """To make it: the call that is answered with another file than before."""
    before = os.fstat(get_file(bus)).st_ino
    with open(f"{sysfs}/class/nvme/nvme0/nvme0c0n1/path_state", "w") as f:
        f.write(word + "\n")
    fifo.write("uevent\tchange@/x/nvme0\tACTION=change\tDEVPATH=/x/nvme0\tSUBSYSTEM=nvme\t"
               "NVME_EVENT=path_state\tNVME_PATH=nvme0c0n1\tNVME_SEQ=1\n")
    fifo.flush()
    end = time.monotonic() + 30
    while time.monotonic() < end:
        seconds, fd = took(lambda: get_file(bus))
        inode = os.fstat(fd).st_ino
        os.close(fd)
        if inode != before:
            return seconds
        time.sleep(0.005)
    sys.exit("a change leaves the file what it was")


def measure(bus, fifo, sysfs):
    words = ["held", "usable"] * 2
    with open(fifo, "w") as f:
        anew = min(took_anew(bus, f, sysfs, word) for word in words)
    again = min(took(lambda: os.close(get_file(bus)))[0] for _ in words)
    messages = min(took(lambda: call(bus, ROOT, OBJECT_MANAGER, "GetManagedObjects"))[0]
                   for _ in words[:3])
    print(f"made anew in {anew * 1000:.1f} ms, had again in {again * 1000:.2f} ms, "
          f"by messages in {messages * 1000:.1f} ms")
    return messages < 2 * anew or messages < 10 * again


def main():
    bus = connect(sys.argv[1])
    bad = compare(bus)
    if len(sys.argv) > 2 and measure(bus, *sys.argv[2:]):
        print("that is too little")
        bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
