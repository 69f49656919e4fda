/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An ANA group as a controller sees it. A transition begins when the group
 * leaves a state that could last and ends when it reaches one; between them it
 * may be in the state change, for no longer than ANATT seconds (NVMe Base
 * Specification, Identify Controller). From one lasting state to the next with
 * no change seen between, begin and end are the same moment.
 */
#ifndef NVMPATH_CORE_ANA_GROUP_H
#define NVMPATH_CORE_ANA_GROUP_H

#include "model.h"

struct ana_group {
	char controller[NAME_SIZE];
	uint32_t id;
	char state[WORD_SIZE];
	char settled[WORD_SIZE];	/* the last state that could last */
	uint64_t since_usec;		/* realtime, all these; 0: not seen */
	uint64_t since_monotonic_usec;	/* 0: since before the daemon */
	uint64_t begin_usec;		/* of the last transition; 0: was not seen */
	uint64_t end_usec;		/* 0 while it lasts */
	uint64_t deadline_usec;		/* in state change: begin + ANATT; else 0 */
};

/* Both clocks at one moment. */
struct ana_moment {
	uint64_t realtime_usec;
	uint64_t monotonic_usec;
};

/* Seen for the first time; @now NULL: it may have been in this state for ever. */
void ana_group_init(struct ana_group *g, const char *controller, uint32_t id,
		    const char *state, const struct ana_moment *now);

/*
 * It is in state @to now. @anatt_usec is 0 where the controller did not say. True
 * where that is new; *@ret_duration_usec is how long the state before lasted then,
 * 0 unknown.
 */
bool ana_group_step(struct ana_group *g, const char *to, uint64_t anatt_usec,
		    const struct ana_moment *now, uint64_t *ret_duration_usec);

/* How long the last transition took; 0: it lasts, or its begin was not seen. */
uint64_t ana_group_transition_usec(const struct ana_group *g);

#endif
