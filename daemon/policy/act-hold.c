/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "act-parts.h"
#include "base/log.h"
#include "base/str.h"
#include "hold.h"
#include "job-record.h"
#include "kernel/control.h"

static void on_held(void *userdata, int result, const char *message)
{
	struct job *j = userdata;

	j->writing_holds = false;
	if (j->release_waits || j->machine.state != REMOVAL_HOLDING) {
		/* It was given up meanwhile: undo what has come of it. */
		j->release_waits = false;
		act_release(j);
		return;
	}
	if (result < 0)
		STR_COPY(j->detail, message);
	job_input(j, result < 0 ? INPUT_ERROR : INPUT_OK, result);
}

int act_our_paths(const struct job *j, struct names *ret)
{
	for (size_t i = 0; i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];
		const struct path *p = snapshot_path(j->m->now, t->path.o.name);
		int r;

		if (!t->ours)
			continue;
		if (!p || p->o.ino != t->path.o.ino)
			continue;
		r = names_add(ret, t->path.o.name);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What the holds have to wait out: where the progress begins. */
static void sample_before(struct job *j)
{
	int64_t sum = 0, inflight;

	for (size_t i = 0; i < j->n_targets; i++)
		if (path_read_inflight(j->m->root_fd, &j->targets[i].path,
				       &inflight) >= 0)
			sum += inflight;
	j->drain.inflight = sum;
	j->drain.peak = sum;
}

void act_hold(struct job *j)
{
	_cleanup_(names_done) struct names paths = {};
	struct hold_owner owner = {
		.reason = j->reason, .uid = j->uid, .removal = j->id,
		.forced = j->forced,
		.lease = j->lease,
	};
	int r;

	sample_before(j);
	r = act_our_paths(j, &paths);
	if (r >= 0)
		r = hold_write(j->m, &paths, true, &owner, on_held, j);
	if (r < 0)
		job_input(j, INPUT_ERROR, r);
	else
		j->writing_holds = true;
}

void act_take_over(struct job *j)
{
	struct hold_owner owner = {
		.reason = j->reason, .uid = j->uid, .removal = j->id,
		.forced = j->forced,
		.lease = j->lease,
	};

	for (size_t i = 0; i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];
		const struct path *p = snapshot_path(j->m->now, t->path.o.name);

		/* After a restart it may have been released meanwhile. */
		if (!t->ours && p && p->o.ino == t->path.o.ino &&
		    str_equal(p->admin_state, "hold"))
			(void) hold_take_over(j->m, p, &owner);
	}
	j->taken = true;
	if (job_save(j) < 0)	/* a restart takes them once more */
		log_warning("Removal %u: cannot record that it has taken older holds", j->id);
}

static void on_released(void *userdata, int result, const char *message)
{
	struct job *j = userdata;

	j->writing_holds = false;
	(void) manager_look(j->m);
	if (j->machine.state != REMOVAL_ROLLING_BACK) {
		/* Too late: what it is at now is judged by itself. */
	} else if (result < 0) {
		STR_COPY(j->detail, message);
		job_input(j, INPUT_ERROR, result);
	} else {
		job_input(j, act_all_there(j) ? INPUT_OK : INPUT_GONE, 0);
	}
	act_hooks_after(j);	/* where it came too late for that */
}

void act_release(struct job *j)
{
	_cleanup_(names_done) struct names paths = {};
	int r;

	if (j->writing_holds) {	/* an online must not overtake a hold */
		j->release_waits = true;
		return;
	}
	(void) manager_look(j->m);
	r = act_our_paths(j, &paths);
	if (r >= 0)
		r = hold_write(j->m, &paths, false, NULL, on_released, j);
	if (r < 0)
		job_input(j, INPUT_ERROR, r);
	else
		j->writing_holds = true;
}
