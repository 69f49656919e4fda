/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "ana.h"
#include "base/clock.h"
#include "base/str.h"
#include "hold.h"
#include "note.h"
#include "tell.h"

void manager_path_key(const struct manager *m, const struct path *p,
		      char key[KEY_SIZE])
{
	const struct controller *c = snapshot_controller(m->now, p->controller);

	(void) snprintf(key, KEY_SIZE, "%s\n%" PRIu32 "\n%s\n%s\n%s\n%s\n%s",
			manager_nqn(m, p->subsystem), p->nsid,
			c ? c->transport : "", c ? c->traddr : "",
			c ? c->trsvcid : "", c ? c->host_traddr : "",
			c ? c->host_iface : "");
}

static uint64_t stats_key(const struct manager *m, const struct path *p)
{
	char key[KEY_SIZE];

	manager_path_key(m, p, key);
	return str_hash(key);
}

static struct path_stats *find_stats(const struct manager *m, uint64_t key)
{
	size_t at = index_get(&m->stats_index, key);

	return at == INDEX_NONE ? NULL : &m->stats[at];
}

const struct path_stats *manager_path_stats(const struct manager *m,
					    const struct path *p)
{
	return find_stats(m, stats_key(m, p));
}

/* Of so many paths that are gone the changes are remembered, besides those that are there. */
#define STATS_GONE_MAX 1024

/* The paths that are there, by the key of their changes. */
static int index_there(const struct manager *m, struct index *ret)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < m->now->n_paths; i++) {
		uint64_t key = stats_key(m, &m->now->paths[i]);

		if (index_get(ret, key) == INDEX_NONE)
			r = index_put(ret, key, i);
	}
	return r;
}

/*
 * A target may make and delete namespaces under ever new numbers: forgets the older half
 * of the paths that are gone. What is kept needs no more room in the index than it had.
 */
static void forget_gone(struct manager *m)
{
	struct index there = {};
	size_t n = 0, drop = STATS_GONE_MAX / 2;

	if (index_there(m, &there) < 0) {
		index_done(&there);
		return;
	}
	index_clear(&m->stats_index);
	for (size_t i = 0; i < m->n_stats; i++) {
		if (drop && index_get(&there, m->stats[i].key) == INDEX_NONE) {
			drop--;
			continue;
		}
		(void) index_put(&m->stats_index, m->stats[i].key, n);
		m->stats[n++] = m->stats[i];
	}
	m->n_stats = n;
	index_done(&there);
}

static struct path_stats *get_stats(struct manager *m, uint64_t key)
{
	struct path_stats *s = find_stats(m, key);
	void *grown;

	if (s)
		return s;
	if (m->n_stats >= m->now->n_paths + STATS_GONE_MAX)
		forget_gone(m);
	if (!(m->n_stats & (m->n_stats - 1))) {	/* full: twice the room */
		grown = realloc(m->stats, (m->n_stats ? m->n_stats * 2 : 1) * sizeof(*s));
		if (!grown)
			return NULL;
		m->stats = grown;
	}
	if (index_put(&m->stats_index, key, m->n_stats) < 0)
		return NULL;
	s = &m->stats[m->n_stats++];
	*s = (struct path_stats) {
		.key = key,
		.failovers = UNKNOWN_NUMBER,
		.bio_redirects = UNKNOWN_NUMBER,
	};
	return s;
}

static void note_transition(struct manager *m, enum event_id id,
			    const struct path *p, const char *from, const char *to)
{
	struct path_stats *s = get_stats(m, stats_key(m, p));

	if (s) {
		s->transitions++;
		s->last_change_usec = now_realtime_usec();
		(void) snprintf(s->last_change, sizeof(s->last_change), "%s -> %s",
				from, to);
	}
	tell_path(m, id, p, from, to, s);
}

/* A path that comes back after it went is a change; a first sight is none. */
static void note_added(struct manager *m, const struct path *p)
{
	ana_note(m, p, m->primed);
	if (manager_path_stats(m, p))
		note_transition(m, EVENT_PATH_APPEARED, p, "gone", p->path_state);
	else if (m->primed)
		tell_path(m, EVENT_PATH_APPEARED, p, "gone", p->path_state, NULL);
}

static void note_changed(struct manager *m, const struct difference *d)
{
	const struct path *before = (const void *) d->before;
	const struct path *after = (const void *) d->after;

	if (d->fields & (FIELD_BIT(PATH_ANA_STATE) | FIELD_BIT(PATH_ANA_GROUP)))
		ana_note(m, after, true);
	if (d->fields & FIELD_BIT(PATH_PATH_STATE))
		note_transition(m, after->usable ? EVENT_PATH_USABLE : EVENT_PATH_UNUSABLE,
				after, before->path_state, after->path_state);
	if (d->fields & FIELD_BIT(PATH_ADMIN_STATE))
		hold_path_changed(m, after);
}

void note_path(struct manager *m, const struct difference *d)
{
	const struct path *before = (const void *) d->before;

	switch (d->change) {
	case CHANGE_ADDED:
		note_added(m, (const void *) d->after);
		break;
	case CHANGE_REMOVED:
		note_transition(m, EVENT_PATH_GONE, before, before->path_state, "gone");
		hold_forget(m, before);
		m->paths_went = true;
		break;
	case CHANGE_CHANGED:
		note_changed(m, d);
		break;
	}
}
