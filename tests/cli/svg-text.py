#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The text of a screenshot, line by line, without the prompt at its end."""

import html
import re
import sys

with open(sys.argv[1]) as f:
    rows = re.findall(r"<text[^>]*>(.*?)</text>", f.read(), re.S)
lines = [html.unescape(re.sub(r"<[^>]+>", "", r)).replace("\u00a0", " ").rstrip() for r in rows]
print("\n".join(l for l in lines if l not in ("", "$")))
