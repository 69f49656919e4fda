#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""fake-journald.py SOCKET EXPORT: takes entries of journald's native protocol and
appends them to EXPORT in the journal's export format, as written by root."""
import os
import socket
import struct
import sys
import time


def fields(data):
    while data:
        name, _, data = data.partition(b"\n")
        if b"=" in name:
            name, _, value = name.partition(b"=")
        else:
            (size,) = struct.unpack("<Q", data[:8])
            value, data = data[8:8 + size], data[8 + size + 1:]
        yield name, value


def entry(data, cursor):
    now = time.time_ns() // 1000
    boot = open("/proc/sys/kernel/random/boot_id", "rb").read().strip().replace(b"-", b"")
    out = b"__CURSOR=c%d\n__REALTIME_TIMESTAMP=%d\n" % (cursor, now)
    out += b"__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%s\n_UID=0\n" % (now, boot)
    for name, value in fields(data):
        out += name + b"\n" + struct.pack("<Q", len(value)) + value + b"\n"
    return out + b"\n"


sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sock.bind(sys.argv[1])
cursor = 0
while True:
    data = sock.recv(65536)
    cursor += 1
    with open(sys.argv[2], "ab") as f:
        f.write(entry(data, cursor))
        f.flush()
        os.fsync(f.fileno())
