#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: fabrics
# long
# limit: 900 s
# The goal of 26-return-latency over fabrics, with one process of depth 8, which leaves a
# processor idle: steady state is quicker then, and what a removal itself takes of the
# processors shows. Over PCIe that is 28-return-latency-pcie.
set -u
export NVMPATH_LOAD="--threads=1 --depth=8"
. /nvmpath/tests/integration/26-return-latency.sh
