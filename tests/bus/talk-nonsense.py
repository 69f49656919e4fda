#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""talk-nonsense.py SOCKET: what nvmpath-helper makes of things that are no
commands, and of nodes that are not a controller's. A line a finding."""
import os
import socket
import struct
import sys

MAGIC, VERSION = 0x636d766e, 1
HELLO, IDENTIFY, ATTACH, DETACH, RESCAN, USERS, BEYOND = range(7)
COMMAND, ANSWER = struct.Struct("=6I"), struct.Struct("=3Ii4I")


def ask(data, fds=()):
    """The result of it, or "closed"."""
    conn = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    conn.settimeout(5)
    conn.connect(sys.argv[1])
    socket.send_fds(conn, [data], fds)
    try:
        answer = conn.recv(200000)
    except ConnectionResetError:
        answer = b""
    conn.close()
    return ANSWER.unpack_from(answer)[3] if answer else "closed"


def command(kind, nsid=0, cntlid=0, text=b"", magic=MAGIC, version=VERSION, size=None):
    return COMMAND.pack(magic, version, kind, nsid, cntlid,
                        len(text) if size is None else size) + text


null = os.open("/dev/null", os.O_RDONLY)
file = os.open(__file__, os.O_RDONLY)
for what, data, fds in (
        ("hello", command(HELLO), ()),
        ("identify without a node", command(IDENTIFY), ()),
        ("identify of another device", command(IDENTIFY), (null,)),
        ("detach from a file", command(DETACH, 1, 1), (file,)),
        ("two nodes", command(HELLO), (null, null)),
        ("many nodes", command(HELLO), (null,) * 9),
        ("a node with nothing", b"", (null,)),
        ("all namespaces", command(DETACH, 0xffffffff, 1), (null,)),
        ("no namespace", command(ATTACH, 0, 1), (null,)),
        ("no controller id", command(DETACH, 1, 65536), (null,)),
        ("another version", command(HELLO, version=2), ()),
        ("another magic", command(HELLO, magic=1), ()),
        ("an unknown kind", command(BEYOND), ()),
        ("half a command", command(HELLO)[:20], ()),
        ("a text without an end", command(USERS, text=b"/dev\n"), ()),
        ("a text that says it is longer", command(USERS, text=b"/dev\n\0", size=1000), ()),
        ("more text than fits", command(USERS, text=b"x" * 150000 + b"\0"), ()),
        ("users", command(USERS, text=b"/dev\nnvme0\n\0"), ())):
    print(f"{what}: {ask(data, fds)}")
