/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/str.h"
#include "check.h"
#include "job.h"
#include "kernel/helper.h"
#include "plan.h"

/* A walk through /proc takes milliseconds; no answer waits longer for it and its turn. */
#define USERS_PATIENCE_USEC (5 * USEC_PER_SEC)

struct planning {
	struct plan plan;
	plan_done_t done;
	void *userdata;
};

static struct planning *planning_free(struct planning *p)
{
	if (!p)
		return NULL;
	scope_done(&p->plan.scope);
	free(p->plan.outlooks);
	free(p->plan.verdicts);
	lines_done(&p->plan.missing);
	lines_done(&p->plan.options);
	lines_done(&p->plan.warnings);
	lines_done(&p->plan.users);
	names_done(&p->plan.disks);
	free(p);
	return NULL;
}
DEFINE_CLEANUP(struct planning *, planning_free)

static int foresee(const struct manager *m, struct plan *p)
{
	int r = outlook_new(m->now, &p->scope.paths, &p->outlooks, &p->n_outlooks);

	if (r < 0)
		return r;
	p->verdicts = calloc(p->n_outlooks, sizeof(*p->verdicts));
	if (!p->verdicts && p->n_outlooks)
		return -ENOMEM;
	for (size_t i = 0; i < p->n_outlooks; i++) {
		const struct outlook *o = &p->outlooks[i];
		const struct head *h = snapshot_head(m->now, o->head);
		struct floor floor = check_floor(m, h ? h->subsystem : "");

		p->verdicts[i] = outlook_judge(o, &floor);
	}
	return 0;
}

static int warn_of_head(const struct manager *m, struct plan *p, size_t i)
{
	const struct outlook *o = &p->outlooks[i];
	char loss[PLAN_LOSS_SIZE] = "";

	if (o->usable_left == 1)
		plan_say_loss(m, p, o->head, loss);
	if (p->verdicts[i] == VERDICT_BELOW_FLOOR)
		return lines_add(&p->warnings, "%s would be below its floor%s", o->head, loss);
	if (p->verdicts[i] != VERDICT_DEGRADED)
		return 0;
	if (o->usable_left == 1)
		return lines_add(&p->warnings, "%s would have a single usable path%s",
				 o->head, loss);
	return lines_add(&p->warnings, "%s would have no optimized path", o->head);
}

static int warn_of_verdicts(const struct manager *m, struct plan *p)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < p->n_outlooks; i++)
		r = warn_of_head(m, p, i);
	return r;
}

static int warn_of_queue(const struct manager *m, struct plan *p)
{
	const struct job *j = job_in_subsystems(m, &p->scope.subsystems, NULL);

	if (!j)
		return 0;
	return lines_add(&p->warnings, "removal %" PRIu32 " of %s runs first: this one would be queued",
			 j->id, j->object);
}

/* nvme-cli 3 notes there who made a connection, and will make it again. */
static int find_owners(const struct manager *m, struct plan *p)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < p->scope.controllers.n; i++) {
		const char *name = p->scope.controllers.v[i];
		char owner[REGISTRY_OWNER_SIZE];

		if (!registry_owner(manager_host_root(m), name, owner))
			continue;
		if (!p->owner[0])
			STR_COPY(p->owner, owner);
		r = lines_add(&p->warnings, "%s was connected by %s, which may connect it again",
			      name, owner);
	}
	return r;
}

static int fill(struct manager *m, enum removal_kind kind, bool force, struct plan *p)
{
	int r = foresee(m, p);

	if (r >= 0)
		r = warn_of_verdicts(m, p);
	if (r >= 0)
		r = plan_say_disks(m, kind, p);
	if (r >= 0)
		r = warn_of_queue(m, p);
	if (r >= 0)
		r = find_owners(m, p);
	if (r >= 0)
		(void) check_removal(m, kind, &p->scope, force, p->refused);
	return r;
}

/* What the thread needs and finds, by value: the plan waits in the loop. */
struct search {
	const char *helper;
	char dev[PATH_MAX];
	struct names controllers;
	struct names paths;
	struct names disks;
	struct users users;
	char etc[PATH_MAX];		/* of nvme-cli */
	struct member *members;		/* those that would be connected again */
	size_t n_members;
	char detail[DETAIL_SIZE];
};

static void search_free(void *arg)
{
	struct search *s = arg;

	names_done(&s->controllers);
	names_done(&s->paths);
	names_done(&s->disks);
	users_done(&s->users);
	members_free(s->members, s->n_members);
	free(s);
}

static int run_search(void *arg)
{
	struct search *s = arg;

	(void) members_configure(s->etc, s->members, s->n_members, s->detail);
	return helper_users(s->helper, s->dev, &s->controllers, &s->paths, &s->disks,
			    &s->users);
}

static void say_connections(struct plan *p, const struct search *s)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < s->n_members; i++) {
		const struct member *v = &s->members[i];

		if (v->has_connection)
			r = plan_say_options(p, v);
	}
	if (r >= 0 && s->detail[0])
		(void) lines_add(&p->warnings, "%s", s->detail);
}

static void on_searched(void *userdata, int result, void *arg)
{
	struct planning *p = userdata;
	struct search *s = arg;

	if (s) {
		say_connections(&p->plan, s);
		(void) plan_say_mounts(&p->plan, &s->users.mounts);
		p->plan.users = s->users.open;
		s->users.open = (struct lines) {};
	}
	if (!s)
		(void) lines_add(&p->plan.warnings, "nvme-cli's configuration could not be asked in time");
	if (s && result == -E2BIG)
		(void) lines_add(&p->plan.warnings, "more processes and mounts use its nodes than are named here");
	else if (!s || result < 0)
		(void) lines_add(&p->plan.warnings, "who has its nodes open could not be found out");
	else if (s->users.hidden)
		(void) lines_add(&p->plan.warnings, "%u processes could not be looked at: they may have its nodes open",
				 s->users.hidden);
	p->done(p->userdata, &p->plan);
	planning_free(p);
}

static int copy_names(const struct names *from, struct names *to)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < from->n; i++)
		r = names_add(to, from->v[i]);
	return r;
}

/* What sysfs shows of them; the thread asks nvme-cli's configuration for the rest. */
static int take_members(const struct manager *m, struct plan *p, struct search *s)
{
	int r = 0;

	if (p->scope.kind == OBJECT_PATH)
		return 0;	/* its controller stays */
	s->members = calloc(p->scope.controllers.n, sizeof(*s->members));
	if (!s->members)
		return -ENOMEM;
	for (size_t i = 0; r >= 0 && i < p->scope.controllers.n; i++) {
		const struct controller *c =
			snapshot_controller(m->now, p->scope.controllers.v[i]);
		struct member *v = &s->members[s->n_members];

		if (!c)
			continue;
		s->n_members++;
		member_learn(m, c, v);
		if (v->missing[0])
			r = lines_add(&p->missing, "%s: %s", c->o.name, v->missing);
	}
	return r;
}

static int submit_search(struct manager *m, struct planning *p)
{
	struct search *s = calloc(1, sizeof(*s));
	struct worker_call call = {
		.lane = WORKER_PLAN,
		.func = run_search, .arg = s, .free_arg = search_free,
		.done = on_searched, .userdata = p,
		.timeout_usec = USERS_PATIENCE_USEC,
	};
	int r;

	if (!s)
		return -ENOMEM;
	s->helper = m->config.helper;
	(void) snprintf(s->dev, sizeof(s->dev), "%s/dev", manager_host_root(m));
	(void) snprintf(s->etc, sizeof(s->etc), "%s/etc/nvme", m->config.config_root);
	r = copy_names(&p->plan.scope.controllers, &s->controllers);
	if (r >= 0)
		r = copy_names(&p->plan.scope.paths, &s->paths);
	if (r >= 0)
		r = copy_names(&p->plan.disks, &s->disks);
	if (r >= 0)
		r = take_members(m, &p->plan, s);
	if (r < 0) {
		search_free(s);
		return r;
	}
	return worker_submit(m->worker, &call);
}

int plan_request(struct manager *m, const char *target, enum removal_kind kind,
		 bool force, plan_done_t done, void *userdata,
		 char message[MESSAGE_SIZE])
{
	_cleanup_(planning_freep) struct planning *p = NULL;
	int r;

	if (worker_is_full(m->worker, WORKER_PLAN)) {	/* before it costs anything */
		(void) str_copy(message, MESSAGE_SIZE, "too many plans are being made: try again");
		return -EBUSY;
	}
	p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->done = done;
	p->userdata = userdata;
	r = scope_look(m, target, &p->plan.scope, message);
	if (r >= 0)
		r = fill(m, kind, force, &p->plan);
	if (r >= 0)
		r = submit_search(m, p);
	if (r < 0)
		return r;
	(void) TAKE_PTR(p);
	return 0;
}
