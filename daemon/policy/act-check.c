/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>

#include "act-parts.h"
#include "check.h"

static int run_check(void *arg)
{
	struct task *t = arg;

	return nvmelib_has_ns_management(t->root_fd, t->controller.o.name,
					 &t->answer, t->detail);
}

static void on_checked(void *userdata, int result, void *arg)
{
	struct job *j = userdata;
	const struct task *t = arg;

	if (task_too_late(j, t))
		return;
	if (result < 0) {
		(void) snprintf(j->detail, sizeof(j->detail),
				"%s does not say whether it can detach a single namespace (%s): remove the controller %s instead",
				j->controller.o.name, t->detail, j->controller.o.name);
		job_input(j, INPUT_ERROR, -ECONNREFUSED);
		return;
	}
	result = check_ns_management(&j->controller, t->answer, j->detail);
	job_input(j, result < 0 ? INPUT_ERROR : INPUT_OK, result);
}

void act_check(struct job *j)
{
	const struct controller_facts *f = manager_facts(j->m, &j->controller);

	/* All else was checked before the removal came to be (check.c). */
	if (j->machine.kind == KIND_DRAIN || j->object_kind != OBJECT_PATH ||
	    (f && f->known && f->has_ns_management)) {
		job_input(j, INPUT_OK, 0);
		return;
	}
	task_start(j, run_check, on_checked);
}
