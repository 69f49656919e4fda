#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# limit: 7200 s
# The matrix of 32-kill-matrix with controllers, with those that recover killed before
# each of their deeds too, and in all cells of the core's table.
set -u
export NVMPATH_WALKS="refused/path remove/path/deep restore/path/deep drain/path hold/path release/path
 remove/controller restore/controller drain/controller hold/controller release/controller"
export NVMPATH_STUCK_WALKS="late/path/deep late-drain/path queued/path" NVMPATH_CELLS=16
. /nvmpath/tests/integration/32-kill-matrix.sh
