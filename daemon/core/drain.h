/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a held path is quiet. */
#ifndef NVMPATH_CORE_DRAIN_H
#define NVMPATH_CORE_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * inflight of the hidden disk counts started requests only: one that sits in
 * a plug or on the requeue list for a moment is not in it. So quiet means
 * zero on several samples in a row that are some time apart.
 */
#define DRAIN_SAMPLES		5
#define DRAIN_APART_USEC	UINT64_C(10000)

struct drain {
	unsigned zeros;
	uint64_t last_usec;	/* of the last zero that counted */
	int64_t inflight;	/* last sample, -1: none yet */
	int64_t peak;		/* highest sample, -1: none yet */
};

#define DRAIN_INIT { .inflight = -1, .peak = -1 }

/*
 * Takes one sample of the in-flight sum; a negative one (unreadable) begins
 * the count anew. True when the path is quiet.
 */
void drain_note(struct drain *d, int64_t inflight);	/* for progress alone */
bool drain_sample(struct drain *d, int64_t inflight, uint64_t now_usec);

#endif
