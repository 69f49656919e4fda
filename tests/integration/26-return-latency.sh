#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# kernels: 6.12-patched 7.3-patched
# machine: pci
# long
# limit: 900 s
# The goal for a path that comes back: the slowest I/O of a removal with its restore within
# twice the slowest of steady state, which is as many I/Os of the same run. Judged by the
# middle one of 27 removals and of 27 spans: the machine holds an I/O up for 50 ms and
# more now and then, in either half, and one of these decides what the extremes say. Of nine,
# the middle ones differed by a third from one run to the next.
set -u
export NVMPATH_CYCLES=${NVMPATH_CYCLES:-27}
. /nvmpath/tests/integration/24-return-held.sh
check "the slowest I/O of a removal with its restore is within twice that of steady state ($ratio %)" \
	[ "$ratio" -le 200 ]
