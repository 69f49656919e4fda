/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "act.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "check.h"
#include "hold.h"
#include "kernel/control.h"
#include "kernel/detach.h"
#include "kernel/scan.h"

#define SAMPLE_USEC	DRAIN_APART_USEC
#define LOOK_USEC	(50 * USEC_PER_MSEC)
#define MIND_USEC	(100 * USEC_PER_MSEC)	/* deadlines alone */
#define TELL_USEC	(100 * USEC_PER_MSEC)	/* progress on the bus */
/* After a restart: how long a detach that was under way may take to show. */
#define PROBE_USEC	(2 * USEC_PER_SEC)

/* A call of a removal's that blocks; has all it needs by value. */
struct task {
	int root_fd;
	unsigned round;
	enum object_kind object_kind;
	struct path path;
	struct controller controller;
	struct connection connection;
	char pci_rescan[ADDRESS_SIZE];
	uint64_t deadline_usec;
	bool answer;
	char detail[DETAIL_SIZE];
};

static void task_free(void *arg)
{
	struct task *t = arg;

	if (t->root_fd >= 0)
		close(t->root_fd);
	free(t);
}

static int task_new(const struct job *j, struct task **ret)
{
	struct task *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->root_fd = fcntl(j->m->root_fd, F_DUPFD_CLOEXEC, 3);
	t->round = j->round;
	t->object_kind = j->object_kind;
	if (j->n_targets)
		t->path = j->targets[0].path;
	t->controller = j->controller;
	t->connection = j->connection;
	STR_COPY(t->pci_rescan, j->pci_rescan);
	t->deadline_usec = j->machine.deadline_usec;
	*ret = t;
	return 0;
}

static int submit(struct job *j, struct task *t, worker_func_t func,
		  worker_done_t done)
{
	struct worker_call call = {
		.func = func, .arg = t, .free_arg = task_free,
		.done = done, .userdata = j,
	};

	return worker_submit(j->m->worker, &call);
}

static void start_task(struct job *j, worker_func_t func, worker_done_t done)
{
	struct task *t;
	int r = task_new(j, &t);

	if (r >= 0)
		r = submit(j, t, func, done);
	if (r < 0)
		job_input(j, INPUT_ERROR, r);
}

/* True where the answer belongs to a state that is over. */
static bool too_late(const struct job *j, const struct task *t)
{
	return t->round != j->round;
}

static void take_detail(struct job *j, const struct task *t)
{
	if (t->detail[0])
		STR_COPY(j->detail, t->detail);
}

/* By key and not by name: a name may belong to another path by now. */
const struct path *act_find_target(const struct job *j, const struct target *t)
{
	const struct snapshot *s = j->m->now;
	char key[KEY_SIZE];

	for (size_t i = 0; i < s->n_paths; i++) {
		if (s->paths[i].nsid != t->path.nsid)
			continue;
		manager_path_key(j->m, &s->paths[i], key);
		if (str_equal(key, t->key))
			return &s->paths[i];
	}
	return NULL;
}

/* The same place in the fabric or on the bus, whatever its name is now. */
static const struct controller *find_controller(const struct job *j)
{
	const struct controller *want = &j->controller;
	const struct snapshot *s = j->m->now;

	for (size_t i = 0; i < s->n_controllers; i++) {
		const struct controller *c = &s->controllers[i];

		if (str_equal(c->transport, want->transport) &&
		    str_equal(c->traddr, want->traddr) &&
		    str_equal(c->trsvcid, want->trsvcid) &&
		    str_equal(c->host_traddr, want->host_traddr) &&
		    str_equal(c->host_iface, want->host_iface) &&
		    str_equal(manager_nqn(j->m, c->subsystem), j->nqn))
			return c;
	}
	return NULL;
}

bool act_object_there(const struct job *j)
{
	if (j->object_kind == OBJECT_PATH)
		return j->n_targets && act_find_target(j, &j->targets[0]);
	return find_controller(j) != NULL;
}

/* check */

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

	if (too_late(j, t))
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

static void act_check(struct job *j)
{
	const struct controller_facts *f = manager_facts(j->m, &j->controller);

	/* All else was checked before the removal came to be (check.c). */
	if (j->machine.kind == KIND_DRAIN || j->object_kind != OBJECT_PATH ||
	    (f && f->known && f->has_ns_management)) {
		job_input(j, INPUT_OK, 0);
		return;
	}
	start_task(j, run_check, on_checked);
}

/* hold and release */

static void act_release(struct job *j);

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

static int our_paths(const struct job *j, bool there_only, struct names *ret)
{
	for (size_t i = 0; i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];
		const struct path *p = snapshot_path(j->m->now, t->path.o.name);
		int r;

		if (!t->ours)
			continue;
		if (there_only && (!p || p->o.ino != t->path.o.ino))
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

static void act_hold(struct job *j)
{
	_cleanup_(names_done) struct names paths = {};
	struct hold_owner owner = {
		.reason = j->reason, .uid = j->uid, .removal = j->id,
	};
	int r;

	sample_before(j);
	r = our_paths(j, true, &paths);
	if (r >= 0)
		r = hold_write(j->m, &paths, true, &owner, on_held, j);
	if (r < 0)
		job_input(j, INPUT_ERROR, r);
	else
		j->writing_holds = true;
}

static void on_released(void *userdata, int result, const char *message)
{
	struct job *j = userdata;

	j->writing_holds = false;
	(void) manager_look(j->m);
	if (result < 0) {
		STR_COPY(j->detail, message);
		job_input(j, INPUT_ERROR, result);
	} else {
		job_input(j, act_object_there(j) ? INPUT_OK : INPUT_GONE, 0);
	}
}

static void act_release(struct job *j)
{
	_cleanup_(names_done) struct names paths = {};
	int r;

	if (j->writing_holds) {	/* an online must not overtake a hold */
		j->release_waits = true;
		return;
	}
	(void) manager_look(j->m);
	r = our_paths(j, true, &paths);
	if (r >= 0)
		r = hold_write(j->m, &paths, false, NULL, on_released, j);
	if (r < 0)
		job_input(j, INPUT_ERROR, r);
	else
		j->writing_holds = true;
}

/* watch */

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
static int check_still_redundant(struct job *j)
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

static void watch(struct job *j)
{
	int64_t inflight = -1;
	int r = sample(j, &inflight);

	if (r >= 0)
		r = check_still_redundant(j);
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

static void note_timeout(struct job *j)
{
	if (j->machine.state != REMOVAL_DRAINING)
		return;
	(void) snprintf(j->detail, sizeof(j->detail),
			"still %" PRId64 " requests in flight after %" PRIu64 " ms%s",
			j->drain.inflight,
			j->machine.drain_timeout_usec / USEC_PER_MSEC,
			j->machine.kind == KIND_DRAIN ? "; the paths stay held" : "");
}

/* detach */

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

	if (too_late(j, t))
		return;
	(void) manager_look(j->m);
	take_detail(j, t);
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

static void act_detach(struct job *j)
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
	r = check_still_redundant(j);
	if (r < 0) {
		job_input(j, INPUT_ERROR, r);
		return;
	}
	start_task(j, run_detach, on_detached);
}

/* restore */

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

	if (too_late(j, t))
		return;
	take_detail(j, t);
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

static bool is_back(struct job *j)
{
	const struct controller *c = find_controller(j);

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

static void act_restore(struct job *j)
{
	const struct controller *c;

	(void) manager_look(j->m);
	if (is_back(j)) {	/* somebody else was quicker */
		job_input(j, INPUT_OK, 0);
		return;
	}
	c = find_controller(j);
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
	start_task(j, run_restore, on_restored);
}

/* probe */

static void act_probe(struct job *j)
{
	j->looking = true;
	j->probe_until_usec = now_monotonic_usec() + PROBE_USEC;
}

/*
 * After a restart in the middle of a detach: gone, or there to stay. While a
 * restore was under way the question is the other one, usable or not yet.
 */
static void look_around(struct job *j)
{
	bool detaching = j->machine.state == REMOVAL_DETACHING;
	bool late = now_monotonic_usec() >= j->probe_until_usec;

	(void) manager_look(j->m);
	if (detaching && !act_object_there(j))
		job_input(j, INPUT_GONE, 0);
	else if (detaching && late)
		job_input(j, INPUT_THERE, 0);
	else if (!detaching && is_back(j))
		job_input(j, INPUT_THERE, 0);
	else if (!detaching && j->probe_until_usec && late && !act_object_there(j))
		job_input(j, INPUT_GONE, 0);
}

/* finish */

static void act_finish(struct job *j)
{
	char text[MESSAGE_SIZE];

	if (j->machine.state == REMOVAL_DETACHED && j->cannot_restore) {
		(void) snprintf(text, sizeof(text),
				"%s was taken away; connect it again by hand", j->object);
		STR_COPY(j->detail, text);
	}
}

void act(struct job *j, enum removal_action action)
{
	switch (action) {
	case ACTION_CHECK:
		act_check(j);
		break;
	case ACTION_HOLD:
		act_hold(j);
		break;
	case ACTION_WATCH:
		break;		/* the ticks do it */
	case ACTION_DETACH:
		act_detach(j);
		break;
	case ACTION_RELEASE:
		act_release(j);
		break;
	case ACTION_RESTORE:
		j->probe_until_usec = 0;
		act_restore(j);
		break;
	case ACTION_PROBE:
		act_probe(j);
		break;
	case ACTION_FINISH:
		act_finish(j);
		break;
	case ACTION_NONE:
	case _REMOVAL_ACTION_MAX:
	case _REMOVAL_ACTION_INVALID:
		break;
	}
}

void act_tick(struct job *j)
{
	enum removal_state state = j->machine.state;

	if (state == REMOVAL_DRAINING)
		watch(j);
	else if (j->looking)
		look_around(j);
	if (j->machine.state != state || !j->machine.deadline_usec)
		return;
	if (now_monotonic_usec() >= j->machine.deadline_usec) {
		note_timeout(j);
		job_input(j, INPUT_TICK, 0);
	}
}

uint64_t act_interval_usec(const struct job *j)
{
	if (!job_running(j))
		return 0;
	if (j->machine.state == REMOVAL_DRAINING)
		return SAMPLE_USEC;
	return j->looking ? LOOK_USEC : MIND_USEC;
}
