#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A picture of what a verb shows on a terminal of tmux, cell by cell, as SVG:
those of docs/images are made so.

    screenshot.py NVMPATHCTL FAKE-NVMPATHD TOPOLOGY VERB >PICTURE
"""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import topology
from stand_in import environment, start_bus, start_fake

COLUMNS, ROWS = 120, 24
CELL, LINE, MARGIN = 8.43, 18, 12
FORE, BACK = "#d8dee9", "#1e2430"
COLORS = {"31": "#ff6b6b", "32": "#a9dc76", "33": "#ffd866"}


def tmux(directory, *args):
    return subprocess.run(["tmux", "-S", directory + "/tmux", "-f", "/dev/null", *args],
                          check=True, capture_output=True, text=True).stdout


def capture(directory, env, verb):
    """The screen's lines with their escapes, once it does not change any more."""
    env = dict(env, TERM="screen-256color", LC_ALL="C.UTF-8")
    env.pop("TMUX", None)
    subprocess.run(["tmux", "-S", directory + "/tmux", "-f", "/dev/null", "new-session", "-d",
                    "-x", str(COLUMNS), "-y", str(ROWS), "env PS1='$ ' bash --norc --noprofile"],
                   env=env, check=True)
    tmux(directory, "send-keys", "-l", f"clear; NVMPATH_PAGER= nvmpathctl {verb}")
    tmux(directory, "send-keys", "Enter")
    before, screen = None, ""
    while before != screen or "nvme0" not in screen:
        time.sleep(1)
        before = screen
        # the clock of top does not stand still
        screen = re.sub(r"^\d\d:\d\d:\d\d", "12:30:05",
                        tmux(directory, "capture-pane", "-e", "-p"))
    tmux(directory, "kill-server")
    return screen.rstrip("\n").split("\n")


def spans(line):
    """(text, style) of each run of cells that look the same."""
    style = ""
    for text in re.split(r"(\x1b\[[0-9;]*m)", line):
        if not text.startswith("\x1b["):
            if text:
                yield text, style
            continue
        for code in text[2:-1].split(";"):
            if code in COLORS:
                style += f' fill="{COLORS[code]}"'
            elif code == "1":
                style += ' font-weight="bold"'
            else:
                style = ""


def draw(lines):
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", l).rstrip() for l in lines]
    width = int(2 * MARGIN + CELL * max(map(len, plain)))
    height = int(2 * MARGIN + LINE * len(lines))
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
           'font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="14">')
    yield "<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->"
    yield f'<rect width="100%" height="100%" rx="6" fill="{BACK}"/>'
    yield f'<g fill="{FORE}" xml:space="preserve">'
    for i, line in enumerate(lines):
        column, cells = 0, ""
        for text, style in spans(line.rstrip()):
            cells += (f'<tspan x="{MARGIN + CELL * column:.1f}"{style}>'
                      f"{html.escape(text)}</tspan>")
            column += len(text)
        if cells:
            yield f'<text y="{MARGIN + 13 + LINE * i}">{cells}</text>'
    yield "</g>"
    yield "</svg>"


def main():
    ctl, fake, name, verb = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        bus, address = start_bus(directory)
        env = environment(ctl, address)
        service = start_fake(fake, json.dumps(getattr(topology, name)()), directory, env)
        try:
            lines = capture(directory, env, verb)
        finally:
            for p in (service, bus):
                p.terminate()
                p.wait()
    print("\n".join(draw(lines)))


main()
