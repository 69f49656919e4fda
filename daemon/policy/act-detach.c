/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>

#include "act-parts.h"
#include "base/str.h"
#include "check.h"
#include "kernel/detach.h"

static int run_detach(void *arg)
{
	struct task *t = arg;
	const struct controller *c = &t->member.controller;

	if (t->object_kind == OBJECT_PATH)
		return detach_path(t->helper, t->root_fd, &t->path, c,
				   t->deadline_usec, t->detail);
	return detach_controller(t->root_fd, c, t->deadline_usec, t->detail);
}

static void end_one(struct job *j, int result)
{
	if (result < 0 && j->first_error >= 0)
		j->first_error = result;
	if (--j->pending)
		return;
	(void) manager_look(j->m);
	job_input(j, j->first_error < 0 ? INPUT_ERROR : INPUT_OK, j->first_error);
}

static void on_detached(void *userdata, int result, void *arg)
{
	struct job *j = userdata;
	const struct task *t = arg;

	if (task_too_late(j, t))
		return;
	if (result < 0 && j->first_error >= 0)
		task_take_detail(j, t);
	end_one(j, result);
}

/* A namespace that came after the holds would be cut off without warning. */
static int check_newcomers(struct job *j)
{
	_cleanup_(names_done) struct names controllers = {};
	const struct snapshot *s = j->m->now;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < j->n_members; i++)
		r = names_add(&controllers, j->members[i].controller.o.name);
	for (size_t i = 0; r >= 0 && i < s->n_paths; i++) {
		const struct path *p = &s->paths[i];

		if (str_equal(p->admin_state, "hold") ||
		    !names_has(&controllers, p->controller))
			continue;
		(void) snprintf(j->detail, sizeof(j->detail),
				"%s appeared on %s meanwhile", p->o.name, j->object);
		r = -EAGAIN;
	}
	return r < 0 ? r : check_disks(j->m, &controllers, j->forced, j->detail);
}

static int check_before(struct job *j)
{
	int r;

	(void) manager_look(j->m);
	r = j->object_kind == OBJECT_CONTROLLER ? check_newcomers(j) :
					       check_helper(j->m, j->object, j->detail);
	if (r < 0)
		return r;
	j->judged = 0;
	return act_check_redundant(j);
}

/* All at once, each in a thread of its own. */
void act_detach(struct job *j)
{
	int r = check_before(j);

	if (r < 0) {
		job_input(j, INPUT_ERROR, r);
		return;
	}
	j->first_error = 0;
	j->pending = 1;		/* until all are under way */
	for (size_t i = 0; i < j->n_members; i++) {
		r = task_start(j, i, run_detach, on_detached);
		if (r >= 0)
			j->pending++;
		else if (j->first_error >= 0)
			j->first_error = r;
	}
	end_one(j, 0);
}
