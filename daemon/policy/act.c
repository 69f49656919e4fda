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

static size_t count_there(const struct job *j)
{
	size_t n = 0;

	if (j->object_kind == OBJECT_PATH)
		return j->n_targets && act_find_target(j, &j->targets[0]);
	for (size_t i = 0; i < j->n_members; i++)
		n += act_find_member(j, &j->members[i]) != NULL;
	return n;
}

bool act_any_there(const struct job *j)
{
	return count_there(j) > 0;
}

static bool paths_there(const struct job *j)
{
	for (size_t i = 0; i < j->n_targets; i++)
		if (!act_find_target(j, &j->targets[i]))
			return false;
	return true;
}

/*
 * A controller that is being deleted loses its paths first, and may stay for as
 * long as the target takes to answer: where a detach was begun, both count.
 */
bool act_all_there(const struct job *j)
{
	size_t all = j->object_kind == OBJECT_PATH ? 1 : j->n_members;

	return all && count_there(j) == all &&
	       (!j->machine.was_detaching || paths_there(j));
}

static void act_probe(struct job *j)
{
	act_return_look(j);
	j->probe_until_usec = now_monotonic_usec() + PROBE_USEC;
}

/* After a restart in the middle of a detach: gone, or there to stay. */
static void look_for_gone(struct job *j)
{
	(void) manager_look(j->m);
	if (!act_any_there(j))
		job_input(j, INPUT_GONE, 0);
	else if (now_monotonic_usec() >= j->probe_until_usec)
		job_input(j, INPUT_THERE, 0);
}

static void look_around(struct job *j)
{
	if (j->machine.state == REMOVAL_DETACHING)
		look_for_gone(j);
	else
		act_return_step(j);
}

static void say_missing(struct job *j)
{
	char text[MESSAGE_SIZE];

	for (size_t i = 0; i < j->n_members; i++) {
		if (!j->members[i].missing[0])
			continue;
		(void) snprintf(text, sizeof(text),
				"%s was taken away; connect it again by hand: %s",
				j->members[i].controller.o.name,
				j->members[i].missing);
		STR_COPY(j->detail, text);
		break;
	}
}

static void act_finish(struct job *j)
{
	act_return_end(j);
	if (j->machine.state == REMOVAL_DETACHED)
		say_missing(j);
	else if (j->machine.state == REMOVAL_DRAINED)
		act_take_over(j);
	act_hooks_after(j);
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
		act_notify_begin(j);
		break;		/* the ticks do the rest */
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

/* First come, first served. */
static void act_wait_turn(struct job *j)
{
	const struct job *ahead = job_in_subsystems(j->m, &j->subsystems, NULL);

	if (ahead != j)
		return;
	j->detail[0] = '\0';
	job_input(j, INPUT_START, 0);
}

void act_tick(struct job *j)
{
	enum removal_state state = j->machine.state;

	if (state == REMOVAL_QUEUED)
		act_wait_turn(j);
	else if (state == REMOVAL_DRAINING)
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
		return j->n_notices ? MIND_USEC : SAMPLE_USEC;
	return j->looking || j->machine.state == REMOVAL_QUEUED ? LOOK_USEC : MIND_USEC;
}
