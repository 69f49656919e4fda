#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# The race of two paths of 64-hold-race, the first 5,000 of 10,000 times.
set -u
export NVMPATH_RACES=5000 NVMPATH_RACES_SHORT=100
. /nvmpath/tests/integration/64-hold-race.sh
