/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nvmpath/dbus.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "check.h"
#include "job-record.h"
#include "kernel/connection.h"
#include "kernel/detach.h"
#include "say.h"

/*
 * A day: longer than anybody waits, and far from where adding it to a clock
 * could overflow.
 */
#define TIMEOUT_MAX_USEC (24 * 3600 * USEC_PER_SEC)

static void learn_connection(const struct manager *m, struct member *v)
{
	int r = connection_read(m->root_fd, &v->controller, v->nqn, &v->connection);

	v->has_connection = r >= 0;
	if (r == -EKEYREJECTED)
		STR_COPY(v->missing, "it uses TLS with a key or keyring of its own, which cannot be given again");
	else if (r < 0)
		str_append(v->missing, sizeof(v->missing),
			   "its connection cannot be read: %s", strerror(-r));
}

void member_learn(const struct manager *m, const struct controller *c,
		  struct member *ret)
{
	*ret = (struct member) { .controller = *c };
	STR_COPY(ret->nqn, manager_nqn(m, c->subsystem));
	if (!controller_is_pci(c))
		learn_connection(m, ret);
	else if (pci_rescan_attr(m->root_fd, c->o.name, ret->pci_rescan,
				 sizeof(ret->pci_rescan)) < 0)
		log_debug("%s: no PCI bus found, all will be rescanned", c->o.name);
}

/* Looked up now: once it is gone, nobody can say any more what it was. */
static int fill_members(struct job *j, const struct names *controllers)
{
	bool detaches = j->machine.kind == KIND_REMOVE &&
			j->object_kind == OBJECT_CONTROLLER;

	j->members = calloc(controllers->n, sizeof(*j->members));
	if (!j->members)
		return -ENOMEM;
	for (size_t i = 0; i < controllers->n; i++) {
		struct member *v = &j->members[j->n_members];
		const struct controller *c =
			snapshot_controller(j->m->now, controllers->v[i]);

		if (!c)
			continue;
		member_learn(j->m, c, v);
		if (!detaches)	/* a path comes back on a controller that stayed */
			v->missing[0] = '\0';
		else if (v->missing[0])
			log_notice("%s cannot be connected again by us: %s",
				   c->o.name, v->missing);
		j->n_members++;
	}
	j->machine.parts = (unsigned) j->n_members;
	return j->n_members ? 0 : -ENXIO;
}

static size_t member_of(const struct job *j, const char *controller)
{
	size_t i = 0;

	while (i < j->n_members &&
	       !str_equal(j->members[i].controller.o.name, controller))
		i++;
	return i;
}

static int fill_targets(struct job *j, const struct names *paths)
{
	j->targets = calloc(paths->n, sizeof(*j->targets));
	if (!j->targets)
		return -ENOMEM;
	for (size_t i = 0; i < paths->n; i++) {
		const struct path *p = snapshot_path(j->m->now, paths->v[i]);
		struct target *t = &j->targets[j->n_targets];
		int r;

		if (!p || member_of(j, p->controller) == j->n_members)
			continue;
		t->path = *p;
		t->member = member_of(j, p->controller);
		t->was_usable = p->usable;
		t->ours = !str_equal(p->admin_state, "hold");
		manager_path_key(j->m, p, t->key);
		j->n_targets++;
		r = names_add(&j->paths, p->o.name);
		if (r < 0)
			return r;
	}
	return impact_heads(j->m->now, paths, &j->heads);
}

static int fill_subsystems(struct job *j)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < j->n_members; i++)
		r = names_add(&j->subsystems, j->members[i].controller.subsystem);
	return r;
}

static void forget(struct job *j)
{
	names_done(&j->paths);
	names_done(&j->heads);
	names_done(&j->subsystems);
	free(j->targets);
	members_free(j->members, j->n_members);
	j->targets = NULL;
	j->members = NULL;
	j->n_targets = j->n_members = 0;
}

int job_fill(struct job *j, const struct scope *s)
{
	int r;

	forget(j);
	j->object_kind = s->kind;
	STR_COPY(j->object, s->target);
	r = fill_members(j, &s->controllers);
	if (r >= 0)
		r = job_find_twins(j);
	if (r >= 0)
		r = fill_subsystems(j);
	return r < 0 ? r : fill_targets(j, &s->paths);
}

static void take_request(struct job *j, const struct job_request *q)
{
	j->machine.kind = q->kind;
	j->machine.drain_timeout_usec = q->timeout_usec ? q->timeout_usec :
					j->m->settings.drain_timeout_usec;
	if (j->machine.drain_timeout_usec > TIMEOUT_MAX_USEC)
		j->machine.drain_timeout_usec = TIMEOUT_MAX_USEC;
	j->machine.hook_timeout_usec = j->m->settings.hook_timeout_usec;
	STR_COPY(j->reason, q->reason);
	j->uid = q->uid;
	j->forced = q->force;
	j->exclude = q->exclude;
	STR_COPY(j->lease, q->lease ? q->lease : "");
	j->drain = (struct drain) DRAIN_INIT;
	j->started_usec = now_realtime_usec();
	j->began_usec = now_monotonic_usec();
}

static int job_new(struct manager *m, const struct job_request *q,
		   const struct scope *s, struct job **ret)
{
	_cleanup_(job_freep) struct job *j = calloc(1, sizeof(*j));
	int r;

	if (!j)
		return -ENOMEM;
	j->m = m;
	j->id = m->next_id;
	j->turn = ++m->turns;
	take_request(j, q);
	r = job_fill(j, s);
	if (r >= 0)
		r = job_save(j);
	if (r >= 0)
		r = job_adopt(m, j);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(j);
	return 0;
}

static void announce(const struct job *j)
{
	struct manager *m = j->m;

	log_notice("Removal %" PRIu32 ": %s of %s %s asked for by uid %" PRIu32 "%s%s%s",
		   j->id, removal_kind_to_string(j->machine.kind),
		   object_kind_to_string(j->object_kind), j->object, j->uid,
		   j->forced ? ", forced" : "", j->reason[0] ? ": " : "", j->reason);
	if (m->listener)
		m->listener->removal_added(m->listener_userdata, j);
}

int job_start(struct manager *m, const struct job_request *q, struct job **ret,
	      char message[MESSAGE_SIZE])
{
	_cleanup_(scope_done) struct scope s;
	struct job *j, *ahead;
	int r;

	r = scope_find(m, q->target, &s, message);
	if (r >= 0)
		r = job_may_begin(m, message);
	if (r >= 0 && q->exclude && s.kind == OBJECT_PATH)
		r = say(message, -ECONNREFUSED,
			"the controller of %s stays: there is nothing to exclude", s.target);
	if (r < 0)
		return r;
	if (jobs_running(m) >= JOBS_KEPT)
		return say(message, -ECONNREFUSED,
			   "%d removals are at work or wait already", JOBS_KEPT);
	ahead = job_in_subsystems(m, &s.subsystems, NULL);
	if (!ahead)
		r = check_removal(m, q->kind, &s, q->force, message);
	if (r < 0)
		return r;
	r = job_new(m, q, &s, &j);
	if (r < 0)
		return say(message, r, "cannot begin: %s", strerror(-r));
	announce(j);
	j->was_queued = ahead != NULL;
	if (ahead)
		job_wait_for(j, ahead);
	job_input(j, ahead ? INPUT_WAIT : INPUT_START, 0);
	*ret = j;
	return 0;
}
