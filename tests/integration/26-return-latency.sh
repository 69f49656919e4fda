#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# The goal for a path that comes back: the slowest I/O of removals with their restores
# within twice the slowest of steady state, which is as many I/Os of the same run.
set -u
export NVMPATH_CYCLES=8
. /nvmpath/tests/integration/24-return-held.sh
check "the slowest I/O is within twice that of steady state ($ratio %)" [ "$ratio" -le 200 ]
