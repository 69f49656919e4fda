/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "ana.h"
#include "base/clock.h"
#include "base/str.h"
#include "tell.h"

static struct ana_group *find(const struct manager *m, const struct path *p)
{
	for (size_t i = 0; i < m->n_ana; i++)
		if (m->ana[i].id == p->ana_group &&
		    str_equal(m->ana[i].controller, p->controller))
			return &m->ana[i];
	return NULL;
}

static void add(struct manager *m, const struct path *p, const struct ana_moment *now)
{
	void *grown = realloc(m->ana, (m->n_ana + 1) * sizeof(*m->ana));
	struct ana_group *g;

	if (!grown)
		return;
	m->ana = grown;
	g = &m->ana[m->n_ana++];
	ana_group_init(g, p->controller, p->ana_group, p->ana_state, now);
}

static uint64_t anatt_usec(const struct manager *m, const char *controller)
{
	const struct controller *c = snapshot_controller(m->now, controller);
	const struct controller_facts *f = c ? manager_facts(m, c) : NULL;

	return f && f->known ? f->anatt_secs * USEC_PER_SEC : 0;
}

static void tell(struct manager *m, const struct ana_group *g, const struct path *p,
		 const char *from, uint64_t duration_usec)
{
	const struct controller *c = snapshot_controller(m->now, g->controller);
	struct event e;

	event_init(&e, EVENT_ANA_CHANGED, g->controller, from, g->state);
	e.duration_usec = duration_usec;
	(void) snprintf(e.reason, sizeof(e.reason), "ANA group %" PRIu32, g->id);
	event_add(&e, "ana_group", "%" PRIu32, g->id);
	event_add(&e, "subsystem", "%s", p->subsystem);
	event_add(&e, "subsysnqn", "%s", manager_nqn(m, p->subsystem));
	event_add(&e, "address", "%s", c ? c->address : "");
	if (g->end_usec && g->begin_usec)
		event_add(&e, "transition_usec", "%" PRIu64, ana_group_transition_usec(g));
	if (g->deadline_usec)
		event_add(&e, "deadline_usec", "%" PRIu64, g->deadline_usec);
	tell_event(m, &e);
}

void ana_note(struct manager *m, const struct path *p, bool told)
{
	const struct ana_moment now = { now_realtime_usec(), now_monotonic_usec() };
	struct ana_group *g;
	char from[WORD_SIZE];
	uint64_t duration;

	if (!p->ana_group || !p->ana_state[0])
		return;
	g = find(m, p);
	if (!g) {
		add(m, p, told ? &now : NULL);
		return;
	}
	STR_COPY(from, g->state);
	if (!ana_group_step(g, p->ana_state, anatt_usec(m, g->controller), &now, &duration) ||
	    !told)
		return;
	tell(m, g, p, from, duration);
	if (m->listener)
		m->listener->ana_groups(m->listener_userdata, g->controller);
}

static bool has_path(const struct manager *m, const struct ana_group *g)
{
	for (size_t i = 0; i < m->now->n_paths; i++)
		if (m->now->paths[i].ana_group == g->id &&
		    str_equal(m->now->paths[i].controller, g->controller))
			return true;
	return false;
}

void ana_drop_gone(struct manager *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_ana; i++)
		if (has_path(m, &m->ana[i]))
			m->ana[n++] = m->ana[i];
	m->n_ana = n;
}
