/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What would be left to the namespaces: the last usable path, and the floors. */
#include <errno.h>
#include <inttypes.h>

#include "base/str.h"
#include "check.h"
#include "hold.h"
#include "job.h"
#include "say.h"

struct floor check_floor(const struct manager *m, const char *subsystem)
{
	return settings_floor(&m->settings, manager_nqn(m, subsystem));
}

static enum verdict judge(const struct manager *m, const struct outlook *o,
			  struct floor *ret_floor)
{
	const struct head *h = snapshot_head(m->now, o->head);

	*ret_floor = check_floor(m, h ? h->subsystem : "");
	return outlook_judge(o, ret_floor);
}

static int say_last(const struct manager *m, const char *target,
		    const struct outlook *outlooks, size_t n,
		    char message[MESSAGE_SIZE])
{
	struct floor floor;
	const char *comma = "";

	(void) say(message, 0, "without %s no usable path is left to", target);
	for (size_t i = 0; i < n; i++) {
		if (judge(m, &outlooks[i], &floor) != VERDICT_LAST_PATH)
			continue;
		str_append(message, MESSAGE_SIZE, "%s %s", comma, outlooks[i].head);
		comma = ",";
	}
	return comma[0] ? -EADDRINUSE : 0;
}

static int say_below(const struct manager *m, const char *target,
		     const struct outlook *o, char message[MESSAGE_SIZE])
{
	struct floor floor;

	if (judge(m, o, &floor) != VERDICT_BELOW_FLOOR)
		return 0;
	return say(message, -ECONNREFUSED,
		   "without %s, %s would keep %" PRIu32 " usable paths on %" PRIu32 " ports; the floor is %" PRIu32 " on %" PRIu32,
		   target, o->head, o->usable_left, o->ports_left,
		   floor.min_usable, floor.min_ports);
}

/* The kernel has it usable still, but somebody is about to take it. */
static bool is_going(const struct manager *m, const struct path *p, bool jobs_too)
{
	const struct hold *h = hold_find(m, p->o.name);
	const struct job *j = jobs_too ? job_on_path(m, p->o.name) : NULL;

	if (h && h->in_flight)
		return true;
	return j && j->machine.state != REMOVAL_ROLLING_BACK &&
	       j->machine.state != REMOVAL_RESTORING;
}

/* @paths, and those of the same heads that are going. */
static int with_going(const struct manager *m, const struct names *paths, bool jobs_too,
		      struct names *ret)
{
	_cleanup_(names_done) struct names heads = {};
	int r = impact_heads(m->now, paths, &heads);

	for (size_t i = 0; r >= 0 && i < paths->n; i++)
		r = names_add(ret, paths->v[i]);
	for (size_t i = 0; r >= 0 && i < m->now->n_paths; i++) {
		const struct path *p = &m->now->paths[i];

		if (names_has(&heads, p->head) && is_going(m, p, jobs_too))
			r = names_add(ret, p->o.name);
	}
	return r;
}

int check_left(const struct manager *m, const char *target, const struct names *paths,
	       bool force, bool jobs_too, char message[MESSAGE_SIZE])
{
	_cleanup_(names_done) struct names without = {};
	_cleanup_free_ struct outlook *outlooks = NULL;
	size_t n = 0;
	int r = with_going(m, paths, jobs_too, &without);

	if (r >= 0)
		r = outlook_new(m->now, &without, &outlooks, &n);
	if (r < 0)
		return say(message, r, "out of memory");
	r = say_last(m, target, outlooks, n, message);
	if (r >= 0 && !force && !m->config_known)
		r = say(message, -EBUSY,
			"whether %s may be taken is not known: the floors are in the configuration, which is not read yet since its disk does not answer; wait for it, or force",
			target);
	for (size_t i = 0; r >= 0 && !force && i < n; i++)
		r = say_below(m, target, &outlooks[i], message);
	if (r >= 0)
		message[0] = '\0';
	return r;
}
