/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bringing back, one controller after the other. A path is slowest while it
 * is new: the kernel scans, identifies and reads the ANA log, and freezes the
 * head's queue for each path that arrives. So it comes back held, and is
 * released when nothing has moved for a while. The hold is written as soon as
 * the path is seen. The kernel's new_path_admin_state would be earlier, but
 * the controller then stays held for the paths that come to it later.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "act-parts.h"
#include "base/clock.h"
#include "base/str.h"
#include "kernel/connection.h"
#include "kernel/detach.h"
#include "reread.h"

/* Longer than scan, identify and ANA log took together in the lab. */
#define SETTLE_USEC (300 * USEC_PER_MSEC)

static void begin_member(struct job *j);

/* Secrets are on no record: who comes after a restart asks for them again. */
static int connect_again(struct task *t)
{
	struct connection *c = &t->member.connection;
	char dir[PATH_MAX];

	(void) snprintf(dir, sizeof(dir), "%s/etc/nvme", t->config_root);
	if (connection_lacks_secrets(c))
		(void) connections_configure(dir, &c, 1, t->detail);
	if (connection_lacks_secrets(c)) {
		(void) snprintf(t->detail, sizeof(t->detail),
				"its secrets went with the daemon that had them, and %.128s has none",
				dir);
		return -ENOKEY;
	}
	return nvmelib_connect(t->root_fd, c, t->detail);
}

static int run_restore(void *arg)
{
	struct task *t = arg;
	const struct member *v = &t->member;

	if (t->object_kind == OBJECT_PATH)
		return restore_path(t->helper, t->root_fd, &v->controller,
				    t->path.nsid, t->deadline_usec, t->detail);
	if (controller_is_pci(&v->controller))
		return restore_pci(t->root_fd, v->pci_rescan, t->detail);
	return connect_again(t);
}

static void on_brought(void *userdata, int result, void *arg)
{
	struct job *j = userdata;
	const struct task *t = arg;

	if (task_too_late(j, t))
		return;
	task_take_detail(j, t);
	if (result < 0)
		job_input(j, INPUT_ERROR, result);
	else
		act_return_step(j);
}

/* Usable again, where it was. */
static bool member_is_back(const struct job *j, size_t member)
{
	const struct controller *c = act_find_member(j, &j->members[member]);

	for (size_t i = 0; c && i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];
		const struct path *p;

		if (t->member != member)
			continue;
		p = act_returned(j, t, c);
		if (!p || (t->was_usable && !p->usable))
			return false;
	}
	return c != NULL;
}

/* Nothing but the hold keeps its paths from being used. */
static bool is_ready(const struct job *j, const struct controller *c)
{
	for (size_t i = 0; i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];
		const struct path *p;

		if (t->member != j->returning)
			continue;
		p = act_returned(j, t, c);
		if (!p || (t->was_usable && !p->usable &&
			   !str_equal(p->path_state, "held")))
			return false;
	}
	return str_equal(c->state, "live");
}

static bool has_settled(struct job *j, const struct controller *c)
{
	uint64_t now = now_monotonic_usec();

	if (!is_ready(j, c)) {
		j->settled_usec = 0;
		return false;
	}
	if (!j->settled_usec)
		j->settled_usec = now;
	return now - j->settled_usec >= SETTLE_USEC;
}

/* Names are new, and so may be the controller's id. */
static void take_member(struct job *j, const struct controller *c)
{
	struct member *v = &j->members[j->returning];

	if (!str_equal(c->o.name, v->controller.o.name))
		(void) snprintf(j->detail, sizeof(j->detail), "%s came back as %s",
				v->controller.o.name, c->o.name);
	v->controller = *c;
	for (size_t i = 0; i < j->n_targets; i++) {
		struct target *t = &j->targets[i];
		const struct path *p = t->member == j->returning ?
				       act_returned(j, t, c) : NULL;

		if (!p)
			continue;
		t->path = *p;
		manager_path_key(j->m, p, t->key);
		(void) names_add(&j->paths, p->o.name);
	}
}

/* After a restart: what was begun may still come, for as long as a probe lasts. */
static void wait_for_member(struct job *j)
{
	if (!j->probe_until_usec || now_monotonic_usec() < j->probe_until_usec)
		return;
	if (!act_any_there(j)) {
		STR_COPY(j->detail, "nothing of it was back when the daemon was started again");
		job_input(j, INPUT_GONE, 0);
		return;
	}
	j->probe_until_usec = 0;
	begin_member(j);
}

static bool member_is_whole(const struct job *j, const struct controller *c)
{
	for (size_t i = 0; i < j->n_targets; i++)
		if (j->targets[i].member == j->returning &&
		    !act_returned(j, &j->targets[i], c))
			return false;
	return true;
}

static void next_member(struct job *j)
{
	j->releasing = false;
	j->settled_usec = 0;
	j->returning++;
	begin_member(j);
}

static void step_there(struct job *j, const struct controller *c)
{
	int r = j->releasing ? 0 : act_return_hold(j, c);

	if (r < 0) {
		job_input(j, INPUT_ERROR, r);
		return;
	}
	if (j->writing_holds)
		return;
	if (j->releasing) {
		if (!member_is_back(j, j->returning))
			return;
		take_member(j, c);
		next_member(j);
		return;
	}
	if (!member_is_whole(j, c)) {
		wait_for_member(j);
		return;
	}
	if (has_settled(j, c))
		r = act_return_release(j, c);
	if (r < 0)
		job_input(j, INPUT_ERROR, r);
}

/* What is there is read again; where something is still to come, all. */
static const struct controller *look_at_member(struct job *j)
{
	const struct member *v = &j->members[j->returning];
	const struct controller *c = act_find_member(j, v);

	if (!c || !member_is_whole(j, c))
		(void) manager_look_out(j->m);
	else if (reread_controller(j->m, c->o.name, 0) >= 0)
		return c;
	else
		(void) manager_look(j->m);
	return act_find_member(j, v);
}

void act_return_step(struct job *j)
{
	const struct controller *c = look_at_member(j);

	if (!c)
		wait_for_member(j);
	else
		step_there(j, c);
}

static int bring(struct job *j, const struct controller *c)
{
	if (j->object_kind != OBJECT_PATH)
		return c ? 0 :	/* it connects already */
			   task_start(j, j->returning, run_restore, on_brought);
	if (!c) {
		(void) snprintf(j->detail, sizeof(j->detail),
				"its controller %s is not there",
				j->members[0].controller.o.name);
		return -ENXIO;
	}
	j->members[0].controller = *c;
	if (member_is_whole(j, c))
		return 0;
	return task_start(j, 0, run_restore, on_brought);
}

static void begin_member(struct job *j)
{
	int r;

	while (j->returning < j->n_members && member_is_back(j, j->returning))
		j->returning++;
	if (j->returning == j->n_members) {
		job_input(j, INPUT_OK, 0);
		return;
	}
	r = bring(j, act_find_member(j, &j->members[j->returning]));
	if (r < 0)
		job_input(j, INPUT_ERROR, r);
}

void act_return_look(struct job *j)
{
	j->looking = true;
	j->returning = 0;
	j->releasing = false;
	j->settled_usec = 0;
	names_done(&j->tried);
}

static void begin_restore(struct job *j)
{
	(void) manager_look(j->m);
	act_return_look(j);
	begin_member(j);
}

void act_restore(struct job *j)
{
	j->probe_until_usec = 0;
	act_hooks_before(j, begin_restore);
}
