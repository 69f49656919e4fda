/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_LOAD_RUN_H
#define NVMPATH_LOAD_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"
#include "tally.h"

struct load_result {
	struct tally tally;
	uint64_t area_bytes;
	uint64_t started_usec;		/* realtime */
	uint64_t run_usec;		/* of the random part */
	uint64_t known_blocks;		/* written at least once with success */
	uint64_t stuck;			/* I/Os that never came back */
	uint64_t stuck_longest_usec;
	bool mode_supported;		/* false: nothing ever succeeded, and it is the mode */
	int broken;			/* negative errno that ended a worker, or 0 */
};

/*
 * Runs the load to its end. Negative errno when it could not be started
 * (said on stderr). With I/Os stuck, threads are still running afterwards:
 * report and _exit().
 */
int load_run(const struct load_options *options, struct load_result *ret);

#endif
