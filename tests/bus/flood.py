#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""flood.py ADDRESS COUNT METHOD [SIGNATURE ARG...]: calls that method of the
Manager COUNT times from one connection without waiting for an answer, then
writes a line an answer: "ok", or an error's name and text."""
import ctypes
import sys

BASE = b"io.github.nvmpath1"
sd = ctypes.CDLL("libsystemd.so.0")


class Error(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("message", ctypes.c_char_p),
                ("need_free", ctypes.c_int)]


sd.sd_bus_message_get_error.restype = ctypes.POINTER(Error)


def connect(address):
    bus = ctypes.c_void_p()
    sd.sd_bus_new(ctypes.byref(bus))
    sd.sd_bus_set_address(bus, address.encode())
    sd.sd_bus_set_bus_client(bus, 1)
    assert sd.sd_bus_start(bus) >= 0
    return bus


def send(bus, method, signature, values):
    m = ctypes.c_void_p()
    cookie = ctypes.c_uint64()
    sd.sd_bus_message_new_method_call(
        bus, ctypes.byref(m), BASE, b"/io/github/nvmpath1",
        BASE + b".Manager", method.encode())
    for kind, value in zip(signature, values):
        sd.sd_bus_message_append(m, kind.encode(), value.encode() if kind == "s"
                                 else ctypes.c_uint64(int(value)))
    assert sd.sd_bus_send(bus, m, ctypes.byref(cookie)) >= 0
    sd.sd_bus_message_unref(m)
    return cookie.value


def receive(bus, waiting):
    """The next answer to one of these."""
    while True:
        m = ctypes.c_void_p()
        if sd.sd_bus_process(bus, ctypes.byref(m)) == 0:
            sd.sd_bus_wait(bus, ctypes.c_uint64(2 ** 64 - 1))
        if not m:
            continue
        cookie = ctypes.c_uint64()
        if sd.sd_bus_message_get_reply_cookie(m, ctypes.byref(cookie)) >= 0 and \
                cookie.value in waiting:
            waiting.remove(cookie.value)
            e = sd.sd_bus_message_get_error(m)
            return f"{e[0].name.decode()}: {e[0].message.decode()}" if e else "ok"


def main(address, count, method, signature="", *values):
    bus = connect(address)
    waiting = {send(bus, method, signature, values) for _ in range(int(count))}
    while waiting:
        print(receive(bus, waiting), flush=True)


main(*sys.argv[1:])
