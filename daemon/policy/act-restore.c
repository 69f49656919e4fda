/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>

#include "act-parts.h"
#include "base/str.h"
#include "kernel/detach.h"

static int run_restore(void *arg)
{
	struct task *t = arg;

	if (t->object_kind == OBJECT_PATH)
		return restore_path(t->root_fd, &t->controller, t->path.nsid,
				    t->deadline_usec, t->detail);
	if (controller_is_pci(&t->controller))
		return restore_pci(t->root_fd, t->pci_rescan, t->detail);
	return nvmelib_connect(t->root_fd, &t->connection, t->detail);
}

static void on_restored(void *userdata, int result, void *arg)
{
	struct job *j = userdata;
	const struct task *t = arg;

	if (task_too_late(j, t))
		return;
	task_take_detail(j, t);
	if (result < 0) {
		job_input(j, INPUT_ERROR, result);
		return;
	}
	j->looking = true;	/* until it is usable, or too late */
	act_tick(j);
}

/* A usable path to the namespace, on the controller in the old place. */
static bool target_is_back(const struct job *j, const struct target *t,
			   const struct controller *c)
{
	const struct snapshot *s = j->m->now;

	for (size_t i = 0; i < s->n_paths; i++)
		if (s->paths[i].nsid == t->path.nsid &&
		    str_equal(s->paths[i].controller, c->o.name) &&
		    (s->paths[i].usable || !t->was_usable))
			return true;
	return false;
}

bool act_is_back(struct job *j)
{
	const struct controller *c = act_find_controller(j);

	if (!c)
		return false;
	for (size_t i = 0; i < j->n_targets; i++)
		if (!target_is_back(j, &j->targets[i], c))
			return false;
	if (!str_equal(c->o.name, j->controller.o.name))
		(void) snprintf(j->detail, sizeof(j->detail), "%s came back as %s",
				j->controller.o.name, c->o.name);
	return true;
}

void act_restore(struct job *j)
{
	const struct controller *c;

	(void) manager_look(j->m);
	if (act_is_back(j)) {	/* somebody else was quicker */
		job_input(j, INPUT_OK, 0);
		return;
	}
	c = act_find_controller(j);
	if (j->object_kind == OBJECT_PATH && !c) {
		(void) snprintf(j->detail, sizeof(j->detail),
				"its controller %s is not there",
				j->controller.o.name);
		job_input(j, INPUT_ERROR, -ENXIO);
		return;
	}
	if (c && j->object_kind == OBJECT_PATH)
		j->controller = *c;
	if (c && j->object_kind == OBJECT_CONTROLLER) {
		j->looking = true;	/* it connects already */
		return;
	}
	task_start(j, run_restore, on_restored);
}
