/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "act-parts.h"
#include "base/clock.h"
#include "base/str.h"

static void task_free(void *arg)
{
	struct task *t = arg;

	if (t->root_fd >= 0)
		close(t->root_fd);
	explicit_bzero(&t->member, sizeof(t->member));
	free(t);
}

static int task_new(const struct job *j, size_t member, struct task **ret)
{
	struct task *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->root_fd = fcntl(j->m->root_fd, F_DUPFD_CLOEXEC, 3);
	t->helper = j->m->config.helper;
	t->config_root = j->m->config.config_root;
	t->round = j->round;
	t->object_kind = j->object_kind;
	if (j->n_targets)
		t->path = j->targets[0].path;
	t->member = j->members[member];
	t->deadline_usec = j->machine.state == REMOVAL_RESTORING ?
			   t->member.deadline_usec : j->machine.deadline_usec;
	*ret = t;
	return 0;
}

/*
 * Calls may have to wait for a thread: what was given up meanwhile must not
 * be done any more. Its paths were released, and may be the last ones by now.
 */
static int run(void *arg)
{
	struct task *t = arg;

	return now_monotonic_usec() < t->deadline_usec ? t->func(t) : -ETIMEDOUT;
}

static int submit(struct job *j, struct task *t, worker_done_t done)
{
	struct worker_call call = {
		.lane = WORKER_REMOVAL,
		.func = run, .arg = t, .free_arg = task_free,
		.done = done, .userdata = j,
	};

	return worker_submit(j->m->worker, &call);
}

int task_start(struct job *j, size_t member, worker_func_t func,
	       worker_done_t done)
{
	struct task *t;
	int r = task_new(j, member, &t);

	if (r < 0)
		return r;
	t->func = func;
	return submit(j, t, done);
}

bool task_too_late(const struct job *j, const struct task *t)
{
	return t->round != j->round;
}

void task_take_detail(struct job *j, const struct task *t)
{
	if (t->detail[0])
		STR_COPY(j->detail, t->detail);
}
