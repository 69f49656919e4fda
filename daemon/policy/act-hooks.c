/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The administrator's hooks, before the first hold and after the end, never in
 * between. That they were begun is on record: after them in any case come those
 * of the end, if need be by the next daemon.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "act-parts.h"
#include "base/clock.h"
#include "base/lines.h"
#include "base/log.h"
#include "base/str.h"
#include "job-record.h"
#include "kernel/detach.h"
#include "kernel/exclude.h"
#include "kernel/hooks.h"

/* nvme-cli's exclusion list: told along with the hooks, when nothing is held. */
enum excluding { EXCLUDE_NONE, EXCLUDE_ADD, EXCLUDE_REMOVE };

struct hooking {
	char dir[PATH_MAX];
	char exclusions[PATH_MAX];
	enum excluding excluding;
	struct member *members;
	size_t n_members;
	bool before;
	unsigned round;
	uint64_t timeout_usec;
	struct lines env;
	char detail[HOOK_DETAIL_SIZE];
};

static void begin(struct job *j, bool before);

static void hooking_free(void *arg)
{
	struct hooking *h = arg;

	lines_done(&h->env);
	members_free(h->members, h->n_members);
	free(h);
}

static int exclude(struct hooking *h, bool add)
{
	int first = 0;

	for (size_t i = 0; i < h->n_members; i++) {
		const struct member *v = &h->members[i];
		int r = add ? exclude_add(h->exclusions, &v->controller, v->nqn) :
			      exclude_remove(h->exclusions, &v->controller, v->nqn);

		if (r < 0 && first >= 0)
			(void) snprintf(h->detail, sizeof(h->detail),
					"exclusion of %s by nvme-cli: %s",
					v->controller.o.name, strerror(-r));
		first = first < 0 ? first : r;
	}
	return first;
}

static int run_hooks(void *arg)
{
	struct hooking *h = arg;
	int r = h->excluding == EXCLUDE_NONE ? 0 :
		exclude(h, h->excluding == EXCLUDE_ADD);

	if (r < 0)
		return h->before ? -ECONNREFUSED : r;
	return hooks_run(h->dir, h->before ? "pre" : "post", h->env.v,
			 now_monotonic_usec() + h->timeout_usec, !h->before, h->detail);
}

/* KEY=a b c */
static int add_names(struct lines *env, const char *key, const struct names *names)
{
	size_t size = strlen(key) + 2 + names->n * NAME_SIZE;
	_cleanup_free_ char *text = calloc(1, size);

	if (!text)
		return -ENOMEM;
	(void) str_copy(text, size, key);
	for (size_t i = 0, at = strlen(key); i < names->n; i++)
		at += (size_t) snprintf(text + at, size - at, "%s%s", i ? " " : "=",
					names->v[i]);
	return lines_add(env, "%s%s", text, names->n ? "" : "=");
}

static int add_members(const struct job *j, struct lines *env)
{
	_cleanup_(names_done) struct names controllers = {};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < j->n_members; i++)
		r = names_add(&controllers, j->members[i].controller.o.name);
	return r < 0 ? r : add_names(env, "NVMPATH_CONTROLLERS", &controllers);
}

static int add_facts(const struct job *j, struct lines *env)
{
	int r = lines_add(env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

	if (r >= 0)
		r = lines_add(env, "NVMPATH_REMOVAL=%" PRIu32, j->id);
	if (r >= 0)
		r = lines_add(env, "NVMPATH_REMOVAL_KIND=%s",
			      removal_kind_to_string(j->machine.kind));
	if (r >= 0)
		r = lines_add(env, "NVMPATH_STATE=%s",
			      removal_state_to_string(j->machine.state));
	if (r >= 0)
		r = lines_add(env, "NVMPATH_OBJECT=%s", j->object);
	if (r >= 0)
		r = lines_add(env, "NVMPATH_REASON=%s", j->reason);
	if (r >= 0)
		r = lines_add(env, "NVMPATH_OWNER=uid %" PRIu32, j->uid);
	if (r >= 0)
		r = lines_add(env, "NVMPATH_FORCED=%d", j->forced);
	if (r >= 0)
		r = lines_add(env, "NVMPATH_ERRNO=%d", j->machine.error);
	if (r >= 0)
		r = lines_add(env, "NVMPATH_DETAIL=%s", j->detail);
	if (r >= 0)
		r = lines_add(env, "NVMPATH_SUBSYSNQN=%s", j->members[0].nqn);
	if (r >= 0)
		r = add_names(env, "NVMPATH_PATHS", &j->paths);
	if (r >= 0)
		r = add_names(env, "NVMPATH_NAMESPACES", &j->heads);
	return r < 0 ? r : add_members(j, env);
}

/* One that fails undoes what it should have begun. */
static void end_before(struct job *j, const struct hooking *h, int result)
{
	void (*then)(struct job *j) = j->then;

	j->then = NULL;
	if (result < 0) {
		STR_COPY(j->detail, h->detail);
		job_input(j, INPUT_ERROR, result);
	} else {
		then(j);
	}
}

static void end_after(struct job *j, const struct hooking *h, int result)
{
	j->hooked = false;
	if (result < 0) {
		log_warning("Removal %" PRIu32 ": %s", j->id, h->detail);
		if (!strstr(j->detail, h->detail))
			str_append(j->detail, sizeof(j->detail), "%s%s",
				   j->detail[0] ? "; " : "", h->detail);
	}
	(void) job_save(j);
	if (result < 0 && j->m->listener)
		j->m->listener->removal_changed(j->m->listener_userdata, j);
	if (j->then)		/* a restore that waited for them */
		begin(j, true);
	manager_tell_status(j->m);
}

static void on_run(void *userdata, int result, void *arg)
{
	const struct hooking *h = arg;
	struct job *j = userdata;

	j->hooking = false;
	if (!h->before)
		end_after(j, h, result);
	else if (h->round == j->round)
		end_before(j, h, result);
	else if (job_running(j) && j->then)	/* asked for anew meanwhile */
		begin(j, true);
	else
		act_hooks_after(j);
}

/* Excluded is what is on its way out, or detached; and not what returns. */
static enum excluding excluding_of(const struct job *j)
{
	if (!j->exclude)
		return EXCLUDE_NONE;
	if (j->machine.state == REMOVAL_CHECKING)
		return EXCLUDE_ADD;
	return removal_can_restore(&j->machine) ? EXCLUDE_NONE : EXCLUDE_REMOVE;
}

static int take_exclusions(const struct job *j, struct hooking *h)
{
	h->excluding = excluding_of(j);
	if (h->excluding == EXCLUDE_NONE)
		return 0;
	(void) snprintf(h->exclusions, sizeof(h->exclusions), "%s/etc/nvme/exclusions.conf.d",
			j->m->config.config_root);
	h->members = calloc(j->n_members, sizeof(*h->members));
	if (!h->members)
		return -ENOMEM;
	for (size_t i = 0; i < j->n_members; i++)
		if (!controller_is_pci(&j->members[i].controller))
			h->members[h->n_members++] = j->members[i];
	return 0;
}

static int submit(struct job *j, bool before)
{
	struct hooking *h = calloc(1, sizeof(*h));
	struct worker_call call = {
		.lane = WORKER_FILES,
		.func = run_hooks, .arg = h, .free_arg = hooking_free,
		.done = on_run, .userdata = j,
	};
	int r;

	if (!h)
		return -ENOMEM;
	(void) snprintf(h->dir, sizeof(h->dir), "%s/etc/nvmpath/hooks.d",
			j->m->config.config_root);
	h->before = before;
	h->round = j->round;
	h->timeout_usec = j->machine.hook_timeout_usec;
	r = add_facts(j, &h->env);
	if (r >= 0)
		r = take_exclusions(j, h);
	if (r < 0) {
		hooking_free(h);
		return r;
	}
	return worker_submit(j->m->worker, &call);
}

static void begin(struct job *j, bool before)
{
	int r = 0;

	if (before) {
		j->hooked = true;
		r = job_save(j);
	}
	if (r >= 0)
		r = submit(j, before);
	j->hooking = r >= 0;
	if (r >= 0)
		return;
	if (before) {
		job_input(j, INPUT_ERROR, r);
		return;
	}
	(void) log_warning_errno(r, "Failed to run the hooks of removal %" PRIu32 ": %m", j->id);
	j->hooked = false;	/* the record still has it: the next daemon tries again */
	manager_tell_status(j->m);
}

void act_hooks_before(struct job *j, void (*then)(struct job *j))
{
	j->then = then;
	if (!j->hooking)
		begin(j, true);
}

void act_hooks_after(struct job *j)
{
	if (job_running(j) || !j->hooked || j->hooking || j->writing_holds)
		return;
	j->then = NULL;
	begin(j, false);
}
