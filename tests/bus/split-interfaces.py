#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""split-interfaces.py FOLDER: from introspection on standard input one file an
interface of ours, in a form that does not depend on who wrote it."""
import sys
import xml.etree.ElementTree as ET

HEAD = """<?xml version="1.0"?>
<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->
<!-- Checked against the daemon by tests/bus/test-interfaces.sh -->
"""

for interface in ET.fromstring(sys.stdin.read()).iter("interface"):
    name = interface.get("name")
    if not name.startswith("io.github.nvmpath1."):
        continue
    node = ET.Element("node")
    node.append(interface)
    ET.indent(node)
    with open(f"{sys.argv[1]}/{name}.xml", "w") as f:
        f.write(HEAD + ET.tostring(node, encoding="unicode") + "\n")
