/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ana-group.h"
#include "base/str.h"

static bool lasts(const char *state)
{
	return !str_equal(state, "change");
}

void ana_group_init(struct ana_group *g, const char *controller, uint32_t id,
		    const char *state, const struct ana_moment *now)
{
	*g = (struct ana_group) { .id = id };
	STR_COPY(g->controller, controller);
	STR_COPY(g->state, state);
	STR_COPY(g->settled, lasts(state) ? state : "");
	g->since_usec = now ? now->realtime_usec : 0;
	g->since_monotonic_usec = now ? now->monotonic_usec : 0;
}

bool ana_group_step(struct ana_group *g, const char *to, uint64_t anatt_usec,
		    const struct ana_moment *now, uint64_t *ret_duration_usec)
{
	if (str_equal(g->state, to))
		return false;
	*ret_duration_usec = g->since_monotonic_usec ?
			     now->monotonic_usec - g->since_monotonic_usec : 0;
	if (lasts(g->state))
		g->begin_usec = now->realtime_usec;
	g->end_usec = lasts(to) ? now->realtime_usec : 0;
	g->deadline_usec = !lasts(to) && anatt_usec ? g->begin_usec + anatt_usec : 0;
	g->since_usec = now->realtime_usec;
	g->since_monotonic_usec = now->monotonic_usec;
	STR_COPY(g->state, to);
	if (lasts(to))
		STR_COPY(g->settled, to);
	return true;
}

uint64_t ana_group_transition_usec(const struct ana_group *g)
{
	/* the clock may have been set back meanwhile */
	if (!g->begin_usec || g->end_usec < g->begin_usec)
		return 0;
	return g->end_usec - g->begin_usec;
}
