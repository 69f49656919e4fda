/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>

#include "act-parts.h"
#include "base/clock.h"
#include "base/str.h"

#define SAMPLE_USEC	DRAIN_APART_USEC
#define LOOK_USEC	(50 * USEC_PER_MSEC)
#define MIND_USEC	(100 * USEC_PER_MSEC)	/* deadlines alone */
/* After a restart: how long a detach that was under way may take to show. */
#define PROBE_USEC	(2 * USEC_PER_SEC)

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
const struct controller *act_find_controller(const struct job *j)
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
	return act_find_controller(j) != NULL;
}

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
	else if (!detaching && act_is_back(j))
		job_input(j, INPUT_THERE, 0);
	else if (!detaching && j->probe_until_usec && late && !act_object_there(j))
		job_input(j, INPUT_GONE, 0);
}

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
		act_watch(j);
	else if (j->looking)
		look_around(j);
	if (j->machine.state != state || !j->machine.deadline_usec)
		return;
	if (now_monotonic_usec() >= j->machine.deadline_usec) {
		act_note_timeout(j);
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
