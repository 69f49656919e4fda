/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "act-parts.h"
#include "base/clock.h"
#include "base/str.h"
#include "kernel/control.h"
#include "kernel/scan.h"

#define TELL_USEC	(100 * USEC_PER_MSEC)	/* progress on the bus */

static void tell_progress(struct job *j, bool always)
{
	uint64_t now = now_monotonic_usec();

	if (!always && now - j->told_usec < TELL_USEC)
		return;
	j->told_usec = now;
	if (j->m->listener)
		j->m->listener->removal_changed(j->m->listener_userdata, j);
}

/*
 * One target: its share of the sum, -ENODEV where it went, or why draining it
 * makes no sense any more.
 */
static int sample_target(struct job *j, struct target *t, int64_t *sum)
{
	int64_t inflight;
	bool counts;
	int r;

	r = scan_path(j->m->root_fd, &t->path);
	if (r < 0)
		return r;
	manager_update_path(j->m, &t->path);
	if (!t->path.admin_state[0])
		return -ENODATA;	/* its attributes go before its folder */
	if (!str_equal(t->path.admin_state, "hold")) {
		(void) snprintf(j->detail, sizeof(j->detail),
				"somebody else set %s online", t->path.o.name);
		return -ESTALE;
	}
	r = path_read_iostats(j->m->root_fd, &t->path, &counts);
	if (r >= 0 && !counts) {
		(void) snprintf(j->detail, sizeof(j->detail),
				"somebody switched off queue/iostats of %s",
				t->path.o.name);
		return -ESTALE;
	}
	r = path_read_inflight(j->m->root_fd, &t->path, &inflight);
	if (r >= 0)
		*sum += inflight;
	return r;
}

/* All targets: the sum, or -ENODEV where none is left. */
static int sample(struct job *j, int64_t *ret)
{
	int64_t sum = 0;
	size_t gone = 0;

	for (size_t i = 0; i < j->n_targets; i++) {
		int r = sample_target(j, &j->targets[i], &sum);

		if (r == -ENODEV)
			gone++;
		else if (r < 0)
			return r;
	}
	if (gone == j->n_targets)
		return -ENODEV;
	*ret = sum;
	return 0;
}

static int lost_heads(const struct job *j, struct names *lost)
{
	_cleanup_(names_done) struct names paths = {};

	for (size_t i = 0; i < j->n_targets; i++) {
		int r = names_add(&paths, j->targets[i].path.o.name);

		if (r < 0)
			return r;
	}
	return impact_lost(j->m->now, &paths, lost);
}

/*
 * Paths that were there when the removal was asked for may have gone since.
 * While it holds the last ones I/O would wait for it, and a detach would be
 * the end: better give them back. -EADDRINUSE then.
 */
int act_check_redundant(struct job *j)
{
	_cleanup_(names_done) struct names lost = {};
	int r;

	if (j->judged == j->m->generation)
		return 0;
	j->judged = j->m->generation;
	r = lost_heads(j, &lost);
	if (r < 0 || !lost.n)
		return r;
	(void) snprintf(j->detail, sizeof(j->detail),
			"the other paths to %s went away meanwhile", lost.v[0]);
	return -EADDRINUSE;
}

void act_watch(struct job *j)
{
	int64_t inflight = -1;
	int r = sample(j, &inflight);

	if (r >= 0)
		r = act_check_redundant(j);
	if (r == -ENODEV) {
		manager_look_soon(j->m);
		(void) snprintf(j->detail, sizeof(j->detail),
				"%s went away by itself while it was drained", j->object);
		job_input(j, INPUT_GONE, 0);
		return;
	}
	if (r == -ESTALE || r == -EADDRINUSE) {
		job_input(j, INPUT_ERROR, r);
		return;
	}
	if (drain_sample(&j->drain, inflight, now_monotonic_usec())) {
		tell_progress(j, true);
		job_input(j, INPUT_OK, 0);
		return;
	}
	tell_progress(j, false);
}

void act_note_timeout(struct job *j)
{
	if (j->machine.state != REMOVAL_DRAINING)
		return;
	(void) snprintf(j->detail, sizeof(j->detail),
			"still %" PRId64 " requests in flight after %" PRIu64 " ms%s",
			j->drain.inflight,
			j->machine.drain_timeout_usec / USEC_PER_MSEC,
			j->machine.kind == KIND_DRAIN ? "; the paths stay held" : "");
}
