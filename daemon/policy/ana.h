/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ANA groups as a controller sees them. A transition begins when the group
 * leaves a state that could last and ends when it reaches one; between them it
 * may be in the state change, for no longer than ANATT seconds (NVMe Base
 * Specification, Identify Controller). From one lasting state to the next with
 * no change seen between, begin and end are the same moment.
 */
#ifndef NVMPATH_POLICY_ANA_H
#define NVMPATH_POLICY_ANA_H

#include "manager.h"

struct ana_group {
	char controller[NAME_SIZE];
	uint32_t id;
	char state[WORD_SIZE];
	char settled[WORD_SIZE];	/* the last state that could last */
	uint64_t since_usec;		/* realtime, all these; 0: not seen */
	uint64_t since_monotonic_usec;	/* 0: since before the daemon */
	uint64_t begin_usec;		/* of the last transition */
	uint64_t end_usec;		/* 0 while it lasts */
	uint64_t deadline_usec;		/* in state change: begin + ANATT; else 0 */
};

/*
 * Takes over what @p says of its group; tells where that is new (and @told).
 */
void ana_note(struct manager *m, const struct path *p, bool told);

/* Drops the groups that no path is in any more. */
void ana_drop_gone(struct manager *m);

#endif
