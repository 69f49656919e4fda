#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# limit: 1500 s
# The goal of 26-return-latency over PCIe with one process of depth 8, which leaves a
# processor idle.
set -u
export NVMPATH_LOAD="--threads=1 --depth=8"
. /nvmpath/tests/integration/26-return-latency.sh
