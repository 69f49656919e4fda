#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""fake-systemd.py ADDRESS FILE: binds ADDRESS as NOTIFY_SOCKET has it and reads
nothing until told; "ready" is then in FILE. SIGUSR1: reads from now on, and appends
what came to FILE. SIGUSR2: reads no more, and sends to itself until nobody can send
any more; "full" is then in FILE."""
import signal
import socket
import sys

FILLER = b"X"
address = sys.argv[1]
if address.startswith("@"):
    address = "\0" + address[1:]
desk = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
desk.bind(address)
signals = (signal.SIGUSR1, signal.SIGUSR2)
signal.pthread_sigmask(signal.SIG_BLOCK, signals)


def say(line):
    with open(sys.argv[2], "ab") as f:
        f.write(line + b"\n")


def fill():
    """Each sender has a limit of its own: each takes another one."""
    while True:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            try:
                sender.sendto(FILLER, address)
            except BlockingIOError:
                return


def read_until_told():
    desk.settimeout(0.02)
    while not signal.sigpending() & set(signals):
        try:
            data = desk.recv(65536)
        except TimeoutError:
            continue
        if data != FILLER:
            say(data.replace(b"\n", b" "))


say(b"ready")
while True:
    if signal.sigwait(signals) == signal.SIGUSR1:
        read_until_told()
    else:
        fill()
        say(b"full")
