#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""fake-helper.py TREE --socket=PATH: answers in nvmpath-helper's place for the
controllers of a tree that looks like sysfs, and is the device behind them. A
controller is known by its cntlid. TREE/identify has "NS_MANAGEMENT ANATT"; the
words of TREE/mood are what goes wrong: "mute" (nobody is answered but hello),
"die" (it ends in the middle of a command, which was done), "die-before" (and was
not), "refuse ERRNO"."""
import os
import re
import socket
import struct
import sys
import threading

tree, path = sys.argv[1], sys.argv[2].split("=", 1)[1]
MAGIC, VERSION = 0x636d766e, 1
HELLO, IDENTIFY, ATTACH, DETACH, RESCAN, USERS = range(6)
COMMAND, ANSWER = struct.Struct("=6I"), struct.Struct("=3Ii4I")


def words(name):
    try:
        with open(f"{tree}/{name}") as f:
            return f.read().split()
    except FileNotFoundError:
        return []


def folder_of(cntlid):
    for name in os.listdir(f"{tree}/class/nvme"):
        with open(f"{tree}/class/nvme/{name}/cntlid") as f:
            if int(f.read()) == cntlid:
                return f"{tree}/class/nvme/{name}"
    return None


def move(here, there, nsid):
    """The path to that namespace, between a controller and where it waits."""
    os.makedirs(there, exist_ok=True)
    for name in os.listdir(here) if os.path.isdir(here) else []:
        if re.fullmatch(rf"nvme\d+c\d+n{nsid}", name):
            for attr, text in (("admin_state", "online"), ("path_state", "usable")):
                with open(f"{here}/{name}/{attr}", "w") as f:
                    f.write(text + "\n")
            os.rename(f"{here}/{name}", f"{there}/{name}")


def obey(kind, nsid, cntlid):
    away = f"{tree}/detached-{cntlid}"
    if kind == DETACH:
        move(folder_of(cntlid), away, nsid)
    elif kind == ATTACH:
        move(away, folder_of(cntlid), nsid)


def serve(conn):
    while True:
        data, fds, _, _ = socket.recv_fds(conn, 200000, 4)
        for fd in fds:
            os.close(fd)
        if not data:
            return
        _, _, kind, nsid, cntlid, _ = COMMAND.unpack_from(data)
        mood, result = words("mood"), 0
        if kind != HELLO and mood[:1] == ["mute"]:
            continue
        if kind in (ATTACH, DETACH):
            if mood[:1] == ["die-before"]:
                os._exit(1)
            if mood[:1] == ["refuse"]:
                result = -int(mood[1])
            else:
                obey(kind, nsid, cntlid)
            if mood[:1] == ["die"]:
                os._exit(1)
        management, anatt = map(int, words("identify") or (1, 0))
        conn.send(ANSWER.pack(MAGIC, VERSION, kind, result, management, anatt, 0, 0))


if os.path.exists(path):
    os.unlink(path)
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(path)
listener.listen(64)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
