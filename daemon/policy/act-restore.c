/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bringing back, one controller after the other, what is there already first.
 * One that does not come, or not as it was, holds up no other: it is let go,
 * and what is missing of it is said at the end. A path is slowest while it
 * is new: the kernel scans, identifies and reads the ANA log, and freezes the
 * head's queue for each path that arrives. So it comes back held, and is
 * released when nothing has moved for a while. The hold is written as soon as
 * the path is seen. The kernel's new_path_admin_state would be earlier, but
 * the controller then stays held for the paths that come to it later.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "act-parts.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/connection.h"
#include "kernel/detach.h"
#include "reread.h"

/* Longer than scan, identify and ANA log took together in the lab. */
#define SETTLE_USEC (300 * USEC_PER_MSEC)
/* Ten times that: what is not there by then (a namespace may have been deleted
 * meanwhile) is waited for with nothing held, and after the other controllers. */
#define LACK_USEC (3 * USEC_PER_SEC)

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

static void add_detail(struct job *j, const char *text)
{
	str_append(j->detail, sizeof(j->detail), "%s%s", j->detail[0] ? "; " : "", text);
}

/* Names are new, and so may be the controller's id. */
static void take_member(struct job *j, size_t member)
{
	struct member *v = &j->members[member];
	const struct controller *c = act_find_member(j, v);
	char text[2 * NAME_SIZE + 16];

	if (!c)
		return;
	if (!str_equal(c->o.name, v->controller.o.name)) {
		(void) snprintf(text, sizeof(text), "%s came back as %s",
				v->controller.o.name, c->o.name);
		add_detail(j, text);
	}
	v->controller = *c;
	for (size_t i = 0; i < j->n_targets; i++) {
		struct target *t = &j->targets[i];
		const struct path *p = t->member == member ? act_returned(j, t, c) : NULL;

		if (!p)
			continue;
		t->path = *p;
		manager_path_key(j->m, p, t->key);
		(void) names_add(&j->paths, p->o.name);
	}
}

/* Back or not, it is not waited for any more. */
static void end_member(struct job *j, size_t member)
{
	struct member *v = &j->members[member];
	char text[MESSAGE_SIZE];

	v->through = true;
	if (v->error && !act_member_is_back(j, member)) {
		act_member_note(j, member, text, sizeof(text));
		log_notice("Removal %" PRIu32 ": %s; going on without", j->id, text);
	}
	take_member(j, member);
}

/* What is there, what is to be brought, what was set aside. */
static unsigned rank(const struct job *j, const struct member *v)
{
	if (v->deadline_usec)
		return 2;
	return act_find_member(j, v) ? 0 : 1;
}

/* The next one in turn of the lowest rank; false where all are through. */
static bool pick_member(struct job *j)
{
	unsigned lowest = UINT_MAX;
	size_t picked = j->n_members;

	for (size_t n = 1; n <= j->n_members; n++) {
		size_t i = (j->returning + n) % j->n_members;

		if (!j->members[i].through && act_member_is_back(j, i))
			end_member(j, i);
		if (j->members[i].through || rank(j, &j->members[i]) >= lowest)
			continue;
		lowest = rank(j, &j->members[i]);
		picked = i;
	}
	j->returning = picked;
	return picked < j->n_members;
}

static bool others_wait(const struct job *j)
{
	for (size_t i = 0; i < j->n_members; i++)
		if (i != j->returning && !j->members[i].through)
			return true;
	return false;
}

/* All are through: what came of it? What was given up may be back by now. */
static void end_restore(struct job *j)
{
	int r;

	(void) manager_look(j->m);
	act_return_let_go(j);
	if (j->writing_holds)
		return;
	for (size_t i = 0; i < j->n_members; i++)
		take_member(j, i);
	r = act_return_note(j);
	job_input(j, r < 0 ? INPUT_ERROR : INPUT_OK, r);
}

static void give_up(struct job *j, int error, const char *why)
{
	act_member_failed(&j->members[j->returning], error, why);
	end_member(j, j->returning);
}

static void on_brought(void *userdata, int result, void *arg)
{
	struct job *j = userdata;
	const struct task *t = arg;

	if (task_too_late(j, t))
		return;
	j->bringing = false;
	if (!act_find_member(j, &j->members[j->returning]))
		j->settled_usec = 0;	/* it is not overdue: it comes now */
	if (result < 0) {
		give_up(j, result, t->detail);
		begin_member(j);
		return;
	}
	if (t->detail[0])
		add_detail(j, t->detail);
	act_return_step(j);
}

static bool is_whole(const struct job *j, const struct controller *c)
{
	for (size_t i = 0; i < j->n_targets; i++)
		if (j->targets[i].member == j->returning &&
		    !act_returned(j, &j->targets[i], c))
			return false;
	return true;
}

/* Nothing but the hold keeps it from being used, or nothing but what did before. */
static bool is_ready(const struct target *t, const struct path *p)
{
	return p && (!t->was_usable || p->usable || str_equal(p->path_state, "held"));
}

/* How many of its paths are ready; *@ret_all: each that was there. */
static size_t count_ready(const struct job *j, const struct controller *c, bool *ret_all)
{
	size_t ready = 0, all = 0;

	for (size_t i = 0; i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];

		if (t->member != j->returning)
			continue;
		all++;
		ready += is_ready(t, act_returned(j, t, c));
	}
	*ret_all = ready == all;
	return ready;
}

/* For how long nothing moved: never, while its controller is not live. */
static uint64_t quiet_usec(struct job *j, const struct controller *c, bool *ret_all)
{
	uint64_t now = now_monotonic_usec();
	size_t seen = 0;

	*ret_all = false;
	if (c)
		seen = 1 + count_ready(j, c, ret_all);
	if (!j->settled_usec || seen != j->seen || (c && !str_equal(c->state, "live")))
		j->settled_usec = now;
	j->seen = seen;
	return now - j->settled_usec;
}

/* After a restart: what was begun may still come, for as long as a probe lasts. */
static void wait_for_probe(struct job *j)
{
	if (!j->probe_until_usec || now_monotonic_usec() < j->probe_until_usec)
		return;
	if (!act_any_there(j)) {
		STR_COPY(j->detail, "nothing of it was back when the daemon was started again");
		job_input(j, INPUT_GONE, 0);
		return;
	}
	j->probe_until_usec = 0;
	j->members[j->returning].deadline_usec = 0;
	begin_member(j);
}

/*
 * Where nothing moves: lets its paths go, then goes on where they are usable.
 * @lacks: it has been so for long, and what is missing may never come.
 */
static void step_quiet(struct job *j, const struct controller *c, bool lacks)
{
	struct member *v = &j->members[j->returning];

	if (c && !v->let_go && act_return_holds(j, c)) {
		int r;

		if (j->writing_holds)	/* another's: one after the other */
			return;
		r = act_return_release(j, j->returning);

		if (r < 0)
			act_member_failed(v, r, "");
	} else if (act_member_is_back(j, j->returning)) {
		end_member(j, j->returning);
		begin_member(j);
	} else if (lacks && others_wait(j)) {
		begin_member(j);	/* set aside */
	}
}

static void step_there(struct job *j, const struct controller *c)
{
	bool all, lacks;
	uint64_t quiet = quiet_usec(j, c, &all);

	lacks = quiet >= LACK_USEC && !j->bringing && !j->probe_until_usec;
	if (j->probe_until_usec && now_monotonic_usec() >= j->probe_until_usec)
		wait_for_probe(j);
	else if (lacks || (all && quiet >= SETTLE_USEC))
		step_quiet(j, c, lacks);
	else
		wait_for_probe(j);
}

/* What is there is read again; where something is still to come, all. */
static const struct controller *look_at_member(struct job *j)
{
	const struct member *v = &j->members[j->returning];
	const struct controller *c = act_find_member(j, v);

	if (!c || !is_whole(j, c))
		(void) manager_look_out(j->m);
	else if (reread_controller(j->m, c->o.name, 0) >= 0)
		return c;
	else
		(void) manager_look(j->m);
	return act_find_member(j, v);
}

static int bring(struct job *j, const struct controller *c)
{
	int r;

	if (j->object_kind != OBJECT_PATH) {
		if (c)
			return 0;	/* it connects already */
	} else if (!c) {
		return -ENXIO;
	} else {
		j->members[0].controller = *c;
		if (is_whole(j, c))
			return 0;
	}
	r = task_start(j, j->returning, run_restore, on_brought);
	j->bringing = j->members[j->returning].brought = r >= 0;
	return r;
}

/* It was there, perhaps on its way out still, and is not any more. */
static bool is_to_be_brought(const struct job *j, const struct member *v)
{
	return j->object_kind != OBJECT_PATH && !v->brought && !j->probe_until_usec;
}

static void step_member(struct job *j)
{
	struct member *v = &j->members[j->returning];
	const struct controller *c = look_at_member(j);
	int r = 0;

	act_return_let_go(j);
	if (now_monotonic_usec() >= v->deadline_usec)
		r = -ETIMEDOUT;
	else if (c)
		r = act_return_hold(j, c);
	else if (is_to_be_brought(j, v))
		r = bring(j, NULL);
	if (r < 0 || v->error) {
		give_up(j, r, "");
		begin_member(j);
	} else if (!j->writing_holds || j->writing_member != j->returning) {
		step_there(j, c);
	}
}

/* What was set aside has what is left of its time. */
static void begin_member(struct job *j)
{
	j->round++;	/* what is answered for another comes too late */
	j->bringing = false;
	j->settled_usec = 0;
	while (pick_member(j)) {
		struct member *v = &j->members[j->returning];
		bool again = v->deadline_usec != 0;
		int r;

		if (!again)
			v->deadline_usec = removal_part_deadline(&j->machine,
								 now_monotonic_usec());
		if (again || j->probe_until_usec)
			return;
		r = bring(j, act_find_member(j, v));
		if (r >= 0)
			return;
		give_up(j, r, strerror(-r));
	}
	end_restore(j);
}

void act_return_step(struct job *j)
{
	if (j->returning == j->n_members)
		end_restore(j);
	else if (j->members[j->returning].deadline_usec)
		step_member(j);
	else
		begin_member(j);	/* after a restart */
}

/* Paths that carry I/O already gain nothing from a hold. */
static void spare_usable(struct job *j)
{
	for (size_t i = 0; i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];
		const struct controller *c = act_find_member(j, &j->members[t->member]);
		const struct path *p = c ? act_returned(j, t, c) : NULL;

		if (p && p->usable)
			(void) names_add(&j->tried, p->o.name);
	}
}

void act_return_look(struct job *j)
{
	j->looking = true;
	j->judged = 0;
	names_done(&j->tried);
	spare_usable(j);
	for (size_t i = 0; i < j->n_members; i++) {
		struct member *v = &j->members[i];

		v->deadline_usec = 0;
		v->brought = v->through = v->let_go = false;
		v->error = 0;
		v->why[0] = '\0';
	}
	j->returning = j->n_members - 1;	/* the first one comes next */
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
