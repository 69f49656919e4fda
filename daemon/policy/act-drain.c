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

/* What all targets together said. */
struct sampled {
	int64_t inflight;
	bool exact;		/* the kernel itself says when each is drained */
	bool draining;		/* and one is not */
};

static int is_stale(struct job *j, const struct target *t, const char *what)
{
	(void) snprintf(j->detail, sizeof(j->detail), "somebody %s %s", what,
			t->path.o.name);
	return -ESTALE;
}

/* With drain_state nothing has to be inferred from a count. */
static int sample_exact(struct job *j, struct target *t, struct sampled *s)
{
	enum drain_state state;
	int r = path_read_drain_state(j->m->root_fd, &t->path, &state);

	if (r >= 0)
		s->draining |= state != DRAIN_STATE_DRAINED;
	return r;
}

static int sample_counted(struct job *j, struct target *t, struct sampled *s)
{
	bool counts;
	int r = path_read_iostats(j->m->root_fd, &t->path, &counts);

	s->exact = false;
	if (r >= 0 && !counts)
		return is_stale(j, t, "switched off queue/iostats of");
	return r;
}

/*
 * One target: its share, -ENODEV where it went, or why draining it makes no
 * sense any more.
 */
static int sample_target(struct job *j, struct target *t, struct sampled *s)
{
	int64_t inflight;
	int r;

	r = scan_path(j->m->root_fd, &t->path);
	if (r < 0)
		return r;
	manager_update_path(j->m, &t->path);
	if (!t->path.admin_state[0])
		return -ENODATA;	/* its attributes go before its folder */
	if (!str_equal(t->path.admin_state, "hold"))
		return is_stale(j, t, "else set online");
	r = t->path.features & FEATURE_BIT(FEATURE_DRAIN_STATE) ?
	    sample_exact(j, t, s) : sample_counted(j, t, s);
	if (r == -ESTALE)
		return r;
	if (r >= 0)
		r = path_read_inflight(j->m->root_fd, &t->path, &inflight);
	if (r >= 0)
		s->inflight += inflight;
	return r;
}

/* All targets; -ENODEV where none is left. */
static int sample(struct job *j, struct sampled *ret)
{
	struct sampled s = { .exact = true };
	size_t gone = 0;

	for (size_t i = 0; i < j->n_targets; i++) {
		int r = sample_target(j, &j->targets[i], &s);

		if (r == -ENODEV)
			gone++;
		else if (r < 0)
			return r;
	}
	if (gone == j->n_targets)
		return -ENODEV;
	*ret = s;
	return 0;
}

static bool is_quiet(struct job *j, const struct sampled *s)
{
	if (!s->exact)
		return drain_sample(&j->drain, s->inflight, now_monotonic_usec());
	drain_note(&j->drain, s->inflight);
	return !s->draining;
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
	struct sampled s = { .inflight = -1 };
	int r = sample(j, &s);

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
	if (is_quiet(j, &s)) {
		tell_progress(j, true);
		job_input(j, INPUT_OK, 0);
		return;
	}
	tell_progress(j, false);
}

void act_note_timeout(struct job *j)
{
	if (j->machine.state == REMOVAL_RESTORING && j->looking)
		(void) act_return_note(j);
	if (j->machine.state != REMOVAL_DRAINING)
		return;
	(void) snprintf(j->detail, sizeof(j->detail),
			"still %" PRId64 " requests in flight after %" PRIu64 " ms%s",
			j->drain.inflight,
			j->machine.drain_timeout_usec / USEC_PER_MSEC,
			j->machine.kind == KIND_DRAIN ? "; the paths stay held" : "");
}
