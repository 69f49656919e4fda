/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>

#include "act-parts.h"
#include "base/str.h"
#include "kernel/detach.h"

static int run_detach(void *arg)
{
	struct task *t = arg;

	if (t->object_kind == OBJECT_PATH)
		return detach_path(t->root_fd, &t->path, &t->controller,
				   t->deadline_usec, t->detail);
	return detach_controller(t->root_fd, &t->controller, t->deadline_usec,
				 t->detail);
}

static void on_detached(void *userdata, int result, void *arg)
{
	struct job *j = userdata;
	const struct task *t = arg;

	if (task_too_late(j, t))
		return;
	(void) manager_look(j->m);
	task_take_detail(j, t);
	job_input(j, result < 0 ? INPUT_ERROR : INPUT_OK, result);
}

/* A namespace that came after the holds would be cut off without warning. */
static const struct path *newcomer(const struct job *j)
{
	const struct snapshot *s = j->m->now;

	if (j->object_kind != OBJECT_CONTROLLER)
		return NULL;
	for (size_t i = 0; i < s->n_paths; i++)
		if (str_equal(s->paths[i].controller, j->controller.o.name) &&
		    !str_equal(s->paths[i].admin_state, "hold"))
			return &s->paths[i];
	return NULL;
}

void act_detach(struct job *j)
{
	const struct path *p;
	int r;

	(void) manager_look(j->m);
	p = newcomer(j);
	if (p) {
		(void) snprintf(j->detail, sizeof(j->detail),
				"%s appeared on %s meanwhile", p->o.name, j->object);
		job_input(j, INPUT_ERROR, -EAGAIN);
		return;
	}
	j->judged = 0;
	r = act_check_redundant(j);
	if (r < 0) {
		job_input(j, INPUT_ERROR, r);
		return;
	}
	task_start(j, run_detach, on_detached);
}
