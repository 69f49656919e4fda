/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "act-parts.h"
#include "base/str.h"
#include "check.h"
#include "core/selector.h"
#include "job-record.h"
#include "kernel/helper.h"
#include "say.h"

static int run_check(void *arg)
{
	struct task *t = arg;
	struct identity id = {};
	int r = helper_identify(t->helper, t->root_fd, t->member.controller.o.name,
				&id, t->detail);

	t->answer = id.has_ns_management;
	return r;
}

/*
 * Hooks and nvme-cli's configuration took their time: other paths may have failed or be
 * held by now. What went by itself is found elsewhere.
 */
static int check_again(struct job *j)
{
	_cleanup_(names_done) struct names paths = {};
	int r;

	(void) manager_look(j->m);
	r = act_our_paths(j, &paths);
	if (r < 0 || !paths.n)
		return r;
	return check_left(j->m, j->object, &paths, j->forced, false, j->detail);
}

/* All is checked, and nobody objects. */
static void may_begin(struct job *j)
{
	int r = check_again(j);

	job_input(j, r < 0 ? INPUT_ERROR : INPUT_OK, r < 0 ? r : 0);
}

void act_configured(struct job *j)
{
	act_hooks_before(j, may_begin);
}

static void on_checked(void *userdata, int result, void *arg)
{
	struct job *j = userdata;
	const struct controller *c = &j->members[0].controller;
	const struct task *t = arg;

	if (task_too_late(j, t))
		return;
	if (result < 0) {
		(void) snprintf(j->detail, sizeof(j->detail),
				"%s does not say whether it can detach a single namespace (%s): remove the controller %s instead",
				c->o.name, t->detail, c->o.name);
		job_input(j, INPUT_ERROR, -ECONNREFUSED);
		return;
	}
	result = check_ns_management(c, t->answer, j->detail);
	if (result < 0)
		job_input(j, INPUT_ERROR, result);
	else
		act_configured(j);
}

static bool is_member(const struct job *j, const char *controller)
{
	const struct controller *c = snapshot_controller(j->m->now, controller);

	for (size_t i = 0; c && i < j->n_members; i++)
		if (act_find_member(j, &j->members[i]) == c)
			return true;
	return false;
}

/*
 * Names are recycled: what has the name now must be what was asked for, and
 * permitted. An address names whatever is there.
 */
static int check_same(struct job *j, const struct scope *s)
{
	if (selector_is(j->object))
		return 0;
	for (size_t i = 0; i < s->controllers.n; i++)
		if (!is_member(j, s->controllers.v[i]))
			return say(j->detail, -ENXIO,
				   "%s was replaced while the removal waited: the name belongs to another controller now",
				   j->object);
	if (j->object_kind == OBJECT_PATH &&
	    (!j->n_targets || !s->paths.n ||
	     act_find_target(j, &j->targets[0]) != snapshot_path(j->m->now, s->paths.v[0])))
		return say(j->detail, -ENXIO,
			   "%s was replaced while the removal waited: the name belongs to another path now",
			   j->object);
	return 0;
}

/* It waited for those of its subsystems; by now it may be in others. */
static int check_free(struct job *j, const struct scope *s)
{
	for (size_t i = 0; i < j->m->n_jobs; i++) {
		const struct job *other = j->m->jobs[i];

		if (other != j && job_running(other) &&
		    other->machine.state != REMOVAL_QUEUED &&
		    names_meet(&other->subsystems, &s->subsystems))
			return say(j->detail, -EBUSY,
				   "removal %" PRIu32 " of %s is at work where %s has come to be meanwhile",
				   other->id, other->object, j->object);
	}
	return 0;
}

/* The machine is another one since it was asked for: all the checks again. */
static int look_again(struct job *j)
{
	_cleanup_(scope_done) struct scope s;
	int r;

	(void) manager_look(j->m);
	r = scope_find(j->m, j->object, &s, j->detail);
	if (r >= 0)
		r = check_same(j, &s);
	if (r >= 0)
		r = check_free(j, &s);
	if (r >= 0)
		r = check_removal(j->m, j->machine.kind, &s, j->forced, j->detail);
	if (r >= 0)
		r = job_fill(j, &s);
	return r < 0 ? r : job_save(j);
}

void act_check(struct job *j)
{
	const struct controller_facts *f;
	int r = j->was_queued ? look_again(j) : 0;

	if (r < 0) {
		job_input(j, INPUT_ERROR, r);
		return;
	}
	f = manager_facts(j->m, &j->members[0].controller);
	/* All else was checked before (check.c). */
	if (j->machine.kind != KIND_REMOVE || j->object_kind != OBJECT_PATH ||
	    (f && f->known && f->has_ns_management)) {
		act_configure(j);
		return;
	}
	r = task_start(j, 0, run_check, on_checked);
	if (r < 0)
		job_input(j, INPUT_ERROR, r);
}
