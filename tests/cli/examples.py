#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints the commands of a manual page's EXAMPLES, a line each."""

import sys


def commands(lines):
    inside = False
    for line in lines:
        if line.startswith("# "):
            inside = line.strip() == "# EXAMPLES"
        elif inside and line.startswith("\tnvmpathctl"):
            yield line.strip()


def main():
    with open(sys.argv[1]) as f:
        found = list(commands(f))
    print("\n".join(found))
    return 0 if found else 1


sys.exit(main())
