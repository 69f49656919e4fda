#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# The goal for a path that comes back: the slowest I/O of a removal with its restore
# within twice the slowest of steady state in the same run.
set -u
. /nvmpath/tests/integration/24-return-held.sh
check "the slowest I/O is within twice that of steady state" [ "$worst" -le $((2 * base)) ]
