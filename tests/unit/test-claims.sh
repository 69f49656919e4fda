#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# test-claims.sh SOURCE BUILD: tests/claims names all tests that it should, and no other.
set -euo pipefail
meson introspect --tests "$2" | "$1/lab/claims" --check
