#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test-manual.py SOURCE: io.github.nvmpath1(5) has each member of each interface that is
installed in the section of that interface, methods with their arguments, and no other
method; and the words that state properties take."""
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

TOP = pathlib.Path(sys.argv[1])
PREFIX = "io.github.nvmpath1."
bad = 0


def complain(text):
    global bad
    print(text)
    bad = 1


def sections():
    """heading -> text on one line"""
    page = (TOP / "units/man/io.github.nvmpath1.5.scd").read_text()
    parts = re.split(r"^# (.*)$", page, flags=re.M)
    return {h: " ".join(t.split()) for h, t in zip(parts[1::2], parts[2::2])}


def arguments(member, direction):
    return ", ".join(f"{a.get('type')} {a.get('name')}" for a in member.findall("arg")
                     if a.get("direction", "in") == direction)


def method(member):
    """As the page writes it"""
    out = arguments(member, "out")
    return f"*{member.get('name')}*({arguments(member, 'in')})" + (f" -> {out}" if out else "")


def words(name):
    """Those of an X-list"""
    text = (TOP / "include/nvmpath/words.h").read_text()
    text = text[text.index(f"#define {name}(X)"):]
    found = re.findall(r'X\(\w+,\s*"([^"]*)"', re.split(r"[^\\]\n", text)[0])
    if not found:
        complain(f"{name} has no words")
    return found


def check_interface(interface, text):
    name = interface.get("name")
    for p in interface.findall("property"):
        if f"*{p.get('name')}*" not in text:
            complain(f"{name}: no property {p.get('name')}")
    for m in interface.findall("method"):
        if method(m) not in text:
            complain(f"{name}: no {method(m)}")
    for s in interface.findall("signal"):
        if f"*{s.get('name')}*(" not in text:
            complain(f"{name}: no signal {s.get('name')}")
    there = {m.get("name") for m in list(interface)}
    for m in re.findall(r"\*(\w+)\*\(", text):
        if m not in there:
            complain(f"{name} has no {m}")


def main():
    page = sections()
    files = sorted((TOP / "units/interfaces").glob("*.xml"))
    if len(files) != 6:
        complain(f"{len(files)} interfaces")
    for file in files:
        interface = ET.parse(file).find("interface")
        check_interface(interface, page[interface.get("name")[len(PREFIX):].upper()])
    for heading, name in (("PATH", "NVMPATH_PATH_REASONS"), ("REMOVAL", "NVMPATH_REMOVAL_STATES"),
                          ("REMOVAL", "NVMPATH_REMOVAL_KINDS"), ("ERRORS", "NVMPATH_BUS_ERRORS")):
        for word in words(name):
            if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", page[heading]):
                complain(f"{heading} does not have the word {word}")
    return bad


sys.exit(main())
