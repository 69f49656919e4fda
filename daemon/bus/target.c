/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Manager's methods on targets: a name, or what KEY=VALUE picks. */
#include <errno.h>
#include <string.h>

#include "auth.h"
#include "lease.h"
#include "object.h"
#include "policy/hold.h"
#include "policy/plan.h"
#include "target.h"

/* Far from where adding it to a clock could overflow. */
#define TTL_MAX_USEC (UINT64_C(3650) * 24 * 3600 * 1000 * 1000)

static int fail(sd_bus_error *error, int r, const char *message)
{
	return bus_error(error, r, message[0] ? message : strerror(-r));
}

static int write_hold(sd_bus_message *m, struct bus *b, const struct hold_request *q,
		      sd_bus_error *error)
{
	char message[MESSAGE_SIZE] = "";
	int r;

	r = hold_request(b->m, q, verb_hold_done, sd_bus_message_ref(m), message);
	if (r < 0) {
		sd_bus_message_unref(m);
		return fail(error, r, message);
	}
	return 1;	/* answered later */
}

/* Bound to the connection that asks, where the flag says so. */
static int take_lease(sd_bus_message *m, struct bus *b, uint64_t flags,
		      char lease[LEASE_SIZE], const char **ret, sd_bus_error *error)
{
	int r;

	if (!(flags & NVMPATH_FLAG_LEASE))
		return 0;
	r = lease_of(b, m, lease);
	if (r < 0)
		return bus_error(error, r, "the connection that asks cannot be watched");
	*ret = lease;
	return 0;
}

int target_hold(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct hold_request q = { .hold = true };
	char lease[LEASE_SIZE];
	uint64_t flags;
	int r;

	r = sd_bus_message_read(m, "sst", &q.target, &q.reason, &q.ttl_usec);
	if (r >= 0)
		r = verb_flags(m, NVMPATH_FLAG_FORCE | NVMPATH_FLAG_LEASE, &flags, error);
	if (r >= 0)
		r = verb_check_reason(q.reason, error);
	if (r < 0)
		return r;
	q.force = flags & NVMPATH_FLAG_FORCE;
	if (q.ttl_usec > TTL_MAX_USEC)
		return bus_error(error, -EINVAL, "a time to live of more than ten years");
	r = auth_check(m, AUTH_HOLD, q.force, q.target, &q.uid, error);
	if (r)
		return r;
	r = take_lease(m, userdata, flags, lease, &q.lease, error);
	return r < 0 ? r : write_hold(m, userdata, &q, error);
}

int target_release(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct hold_request q = { .reason = "" };
	uint64_t flags;
	int r;

	r = sd_bus_message_read(m, "s", &q.target);
	if (r >= 0)
		r = verb_flags(m, 0, &flags, error);
	if (r >= 0)
		r = auth_check(m, AUTH_HOLD, false, q.target, &q.uid, error);
	return r ? r : write_hold(m, userdata, &q, error);
}

static int start(sd_bus_message *m, struct bus *b, enum removal_kind kind,
		 uint64_t known, sd_bus_error *error)
{
	struct job_request q = { .kind = kind };
	char message[MESSAGE_SIZE] = "", lease[LEASE_SIZE];
	uint64_t flags;
	struct job *j;
	int r;

	r = sd_bus_message_read(m, "sts", &q.target, &q.timeout_usec, &q.reason);
	if (r >= 0)
		r = verb_flags(m, known, &flags, error);
	if (r >= 0)
		r = verb_check_reason(q.reason, error);
	if (r >= 0)
		r = auth_check(m, AUTH_REMOVE, flags & NVMPATH_FLAG_FORCE, q.target,
			       &q.uid, error);
	if (r)
		return r;
	q.force = flags & NVMPATH_FLAG_FORCE;
	q.exclude = flags & NVMPATH_FLAG_EXCLUDE;
	if (q.exclude && flags & NVMPATH_FLAG_KEEP_HELD)
		return bus_error(error, -EINVAL, "what stays held is not excluded");
	if (flags & NVMPATH_FLAG_KEEP_HELD)
		q.kind = KIND_MAINTENANCE;
	r = take_lease(m, b, flags, lease, &q.lease, error);
	if (r < 0)
		return r;
	r = job_start(b->m, &q, &j, message);
	return r < 0 ? fail(error, r, message) : verb_reply_removal(m, j);
}

int target_drain(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return start(m, userdata, KIND_DRAIN,
		     NVMPATH_FLAG_FORCE | NVMPATH_FLAG_LEASE, error);
}

int target_remove(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return start(m, userdata, KIND_REMOVE,
		     NVMPATH_FLAG_FORCE | NVMPATH_FLAG_LEASE |
		     NVMPATH_FLAG_KEEP_HELD | NVMPATH_FLAG_EXCLUDE, error);
}

static int append_lines(sd_bus_message *reply, const char *key, char **lines)
{
	int r;

	r = sd_bus_message_open_container(reply, 'e', "sv");
	if (r >= 0)
		r = sd_bus_message_append(reply, "s", key);
	if (r >= 0)
		r = sd_bus_message_open_container(reply, 'v', "as");
	if (r >= 0)
		r = sd_bus_message_append_strv(reply, lines);
	for (int i = 0; r >= 0 && i < 2; i++)
		r = sd_bus_message_close_container(reply);
	return r;
}

static int append_names(sd_bus_message *reply, const char *key,
			const struct names *names)
{
	_cleanup_free_ char **lines = calloc(names->n + 1, sizeof(*lines));

	if (!lines)
		return -ENOMEM;
	for (size_t i = 0; i < names->n; i++)
		lines[i] = names->v[i];
	return append_lines(reply, key, lines);
}

static int append_facts(sd_bus_message *reply, const struct plan *p)
{
	int r;

	r = sd_bus_message_open_container(reply, 'a', "{sv}");
	if (r >= 0)
		r = append_names(reply, "Paths", &p->scope.paths);
	if (r >= 0)
		r = append_names(reply, "Controllers", &p->scope.controllers);
	if (r >= 0)
		r = sd_bus_message_append(reply, "{sv}{sv}{sv}",
					  "CanRestore", "b", (int) !p->missing.n,
					  "Refused", "s", p->refused,
					  "RegistryOwner", "s", p->owner);
	if (r >= 0)
		r = append_lines(reply, "RestoreMissing", p->missing.v);
	if (r >= 0)
		r = append_lines(reply, "RestoreOptions", p->options.v);
	if (r >= 0)
		r = append_lines(reply, "Warnings", p->warnings.v);
	if (r >= 0)
		r = append_lines(reply, "Users", p->users.v);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int append_outlook(const struct bus *b, sd_bus_message *reply,
			  const struct plan *p, size_t i)
{
	const struct outlook *o = &p->outlooks[i];
	int r;

	r = sd_bus_message_open_container(reply, 'r', "ouuuus");
	if (r >= 0)
		r = object_append(b, reply, OBJECT_NAMESPACE, o->head);
	if (r >= 0)
		r = sd_bus_message_append(reply, "uuuus", o->usable, o->usable_left,
					  o->optimized_left, o->ports_left,
					  verdict_to_string(p->verdicts[i]));
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int append_plan(const struct bus *b, sd_bus_message *reply,
		       const struct plan *p)
{
	int r = append_facts(reply, p);

	if (r >= 0)
		r = sd_bus_message_open_container(reply, 'a', "(ouuuus)");
	for (size_t i = 0; r >= 0 && i < p->n_outlooks; i++)
		r = append_outlook(b, reply, p, i);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

/* A call that waits for its plan. */
struct planning {
	struct bus *b;
	sd_bus_message *call;
};

static void on_planned(void *userdata, const struct plan *p)
{
	struct planning *w = userdata;
	sd_bus_message *reply = NULL;
	int r;

	r = sd_bus_message_new_method_return(w->call, &reply);
	if (r >= 0)
		r = append_plan(w->b, reply, p);
	if (r >= 0)
		r = sd_bus_send(NULL, reply, NULL);
	if (r < 0)
		(void) sd_bus_reply_method_errno(w->call, r, NULL);
	sd_bus_message_unref(reply);
	sd_bus_message_unref(w->call);
	free(w);
}

int target_plan(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	_cleanup_free_ struct planning *w = calloc(1, sizeof(*w));
	char message[MESSAGE_SIZE] = "";
	enum removal_kind kind;
	const char *target;
	uint64_t flags;
	uint32_t uid;
	int r;

	if (!w)
		return -ENOMEM;
	r = sd_bus_message_read(m, "s", &target);
	if (r >= 0)
		r = verb_flags(m, NVMPATH_FLAG_FORCE | NVMPATH_FLAG_LEASE |
			       NVMPATH_FLAG_KEEP_HELD | NVMPATH_FLAG_EXCLUDE,
			       &flags, error);
	if (r >= 0)
		r = auth_check(m, AUTH_OBSERVE, false, target, &uid, error);
	if (r)
		return r;
	*w = (struct planning) { .b = userdata, .call = m };
	kind = flags & NVMPATH_FLAG_KEEP_HELD ? KIND_MAINTENANCE : KIND_REMOVE;
	r = plan_request(w->b->m, target, kind, flags & NVMPATH_FLAG_FORCE,
			 on_planned, w, message);
	if (r < 0)
		return fail(error, r, message);
	sd_bus_message_ref(m);
	(void) TAKE_PTR(w);
	return 1;	/* answered later */
}
