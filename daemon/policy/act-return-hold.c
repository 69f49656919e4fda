/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The holds of what returns (act-restore.c): taken as it is seen, and let go. */
#include <errno.h>

#include "act-parts.h"
#include "base/log.h"
#include "base/str.h"
#include "hold.h"

/* Its path to that namespace, on the controller in the old place. */
const struct path *act_returned(const struct job *j, const struct target *t,
				const struct controller *c)
{
	const struct snapshot *s = j->m->now;

	for (size_t i = 0; i < s->n_paths; i++)
		if (s->paths[i].nsid == t->path.nsid &&
		    str_equal(s->paths[i].controller, c->o.name))
			return &s->paths[i];
	return NULL;
}

/* Its paths that this removal holds. */
static int held_paths(const struct job *j, const struct controller *c,
		      struct names *ret)
{
	const struct snapshot *s = j->m->now;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < s->n_paths; i++) {
		const struct path *p = &s->paths[i];
		const struct hold *h = hold_find(j->m, p->o.name);

		if (!str_equal(p->controller, c->o.name))
			continue;
		if (!h || h->removal != j->id)
			continue;
		r = names_add(ret, p->o.name);
	}
	return r;
}

static void on_return_held(void *userdata, int result, const char *message)
{
	struct job *j = userdata;

	j->writing_holds = false;
	if (result < 0)		/* it carries I/O at once, then */
		log_debug("Removal %u: %s", j->id, message);
	if (j->machine.state == REMOVAL_RESTORING)
		return;
	act_return_end(j);
	act_hooks_after(j);
}

/* Each path of that member, which is @c now, that nobody tried yet. */
static int untried_paths(struct job *j, size_t member, const struct controller *c,
			 struct names *ret)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];
		const struct path *p = t->member == member ? act_returned(j, t, c) : NULL;

		if (!p || !p->admin_state[0] || names_has(&j->tried, p->o.name) ||
		    hold_find(j->m, p->o.name))
			continue;
		r = names_add(&j->tried, p->o.name);
		if (r >= 0)
			r = names_add(ret, p->o.name);
	}
	return r;
}

/*
 * Without those whose namespace has no other path to use: I/O would wait for
 * the hold. What the kernel made held is taken all the same, to be let go.
 */
static int paths_to_hold(const struct job *j, const struct names *untried,
			 struct names *ret)
{
	_cleanup_(names_done) struct names lost = {};
	int r = impact_lost(j->m->now, untried, &lost);

	for (size_t i = 0; r >= 0 && i < untried->n; i++) {
		const struct path *p = snapshot_path(j->m->now, untried->v[i]);

		if (p && (!names_has(&lost, p->head) || str_equal(p->admin_state, "hold")))
			r = names_add(ret, p->o.name);
	}
	return r;
}

int act_return_hold(struct job *j, const struct controller *c)
{
	_cleanup_(names_done) struct names untried = {}, paths = {};
	struct hold_owner owner = {
		.reason = "returning", .uid = j->uid, .removal = j->id,
	};
	int r;

	if (j->writing_holds)
		return 0;
	r = untried_paths(j, j->returning, c, &untried);
	if (r >= 0 && untried.n)
		r = paths_to_hold(j, &untried, &paths);
	if (r < 0 || !paths.n)
		return r;
	r = hold_write(j->m, &paths, true, &owner, on_return_held, j);
	j->writing_holds = r >= 0;
	j->writing_member = j->returning;
	j->members[j->returning].let_go = false;
	j->judged = 0;
	return r;
}

bool act_return_holds(const struct job *j, const struct controller *c)
{
	_cleanup_(names_done) struct names paths = {};

	return held_paths(j, c, &paths) < 0 || paths.n;
}

static void on_return_released(void *userdata, int result, const char *message)
{
	struct job *j = userdata;
	struct member *v = &j->members[j->writing_member];

	j->writing_holds = false;
	if (j->machine.state != REMOVAL_RESTORING) {
		act_return_end(j);
		act_hooks_after(j);
		return;
	}
	if (result < 0)
		act_member_failed(v, result, message);
}

/*
 * Its paths that the kernel made held, of a member that was given up: nobody took
 * them into the book, since it came when its turn was over.
 */
static int born_paths(struct job *j, size_t member, const struct controller *c,
		      struct names *ret)
{
	_cleanup_(names_done) struct names untried = {};
	int r = untried_paths(j, member, c, &untried);

	for (size_t i = 0; r >= 0 && i < untried.n; i++) {
		const struct path *p = snapshot_path(j->m->now, untried.v[i]);

		if (p && str_equal(p->admin_state, "hold"))
			r = names_add(ret, p->o.name);
	}
	return r;
}

int act_return_release(struct job *j, size_t member)
{
	_cleanup_(names_done) struct names paths = {};
	struct member *v = &j->members[member];
	const struct controller *c = act_find_member(j, v);
	int r = c && !v->let_go ? held_paths(j, c, &paths) : 0;

	v->let_go = true;
	if (r >= 0 && c && v->through)
		r = born_paths(j, member, c, &paths);
	if (r < 0 || !paths.n)
		return r;
	r = hold_write(j->m, &paths, false, NULL, on_return_released, j);
	j->writing_holds = r >= 0;
	j->writing_member = member;
	return r;
}

/* While it is held here I/O has nowhere else to go. */
static bool is_needed(const struct job *j, const struct member *v)
{
	_cleanup_(names_done) struct names paths = {}, lost = {};
	const struct controller *c = act_find_member(j, v);

	if (!c || held_paths(j, c, &paths) < 0 || !paths.n ||
	    impact_lost(j->m->now, &paths, &lost) < 0 || !lost.n)
		return false;
	log_notice("Removal %u: the other paths to %s went away, %s is released before it has settled",
		   j->id, lost.v[0], c->o.name);
	return true;
}

void act_return_let_go(struct job *j)
{
	bool news = j->judged != j->m->generation;
	int r = 0;

	for (size_t i = 0; r >= 0 && !j->writing_holds && i < j->n_members; i++) {
		const struct member *v = &j->members[i];

		if (v->through || (!v->let_go && news && is_needed(j, v)))
			r = act_return_release(j, i);
	}
	if (r < 0)
		(void) log_warning_errno(r, "Failed to release what returns of %s: %m", j->object);
	if (!j->writing_holds)
		j->judged = j->m->generation;
}

/* Said in the log, if anywhere: the removal is over. */
static void on_left_released(void *userdata, int result, const char *message)
{
	struct job *j = userdata;

	j->writing_holds = false;
	if (result < 0)
		log_warning("Removal %u: %s", j->id, message);
	act_hooks_after(j);
}

static int left_held(const struct job *j, struct names *ret)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < j->n_members; i++) {
		const struct controller *c = act_find_member(j, &j->members[i]);

		if (c)
			r = held_paths(j, c, ret);
	}
	return r;
}

void act_return_end(struct job *j)
{
	_cleanup_(names_done) struct names paths = {};
	int r;

	if (!j->machine.was_detaching || j->writing_holds)
		return;
	r = left_held(j, &paths);
	if (r >= 0 && paths.n) {
		r = hold_write(j->m, &paths, false, NULL, on_left_released, j);
		j->writing_holds = r >= 0;
	}
	if (r < 0)
		(void) log_warning_errno(r, "Failed to release what %s came back with: %m",
					 j->object);
}
