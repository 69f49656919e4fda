# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long each command takes at best, in turns: what else the machine does
meets all of them.

    best-of.py ROUNDS NAME=COMMAND...      prints NAME, seconds, a line each
"""

import subprocess
import sys
import time


def took(command):
    begin = time.monotonic()
    subprocess.run(["sh", "-c", "exec " + command], check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def main():
    commands = [c.split("=", 1) for c in sys.argv[2:]]
    best = {}
    for _ in range(int(sys.argv[1])):
        for name, command in commands:
            best[name] = min(took(command), best.get(name, float("inf")))
    for name, _ in commands:
        print(name, f"{best[name]:.4f}")


main()
