/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What may be asked of a removal once there is one. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "job.h"
#include "say.h"

/* @detail is what there is to say meanwhile, and of the outcome. */
static int ask(struct job *j, enum removal_input input, const char *detail,
	       const char *verb, char message[MESSAGE_SIZE])
{
	struct removal_machine next;
	enum removal_action action;

	if (removal_step(&j->machine, input, 0, now_monotonic_usec(), &next,
			 &action) < 0) {
		(void) snprintf(message, MESSAGE_SIZE,
				"removal %" PRIu32 " is %s: it cannot be %s", j->id,
				removal_state_to_string(j->machine.state), verb);
		return -EBUSY;
	}
	STR_COPY(j->detail, detail);
	if (input != INPUT_CANCEL) {
		j->began_usec = now_monotonic_usec();
		j->machine.hook_timeout_usec = j->m->settings.hook_timeout_usec;
		j->turn = ++j->m->turns;
	}
	job_input(j, input, 0);
	return 0;
}

int job_cancel(struct job *j, char message[MESSAGE_SIZE])
{
	return ask(j, INPUT_CANCEL, "", "cancelled", message);
}

void jobs_stop(struct manager *m, const char *leaving)
{
	char why[MESSAGE_SIZE], message[MESSAGE_SIZE];

	if (!leaving)
		m->stopping = true;
	if (leaving)
		(void) snprintf(why, sizeof(why), "the machine was about to be %s", leaving);
	else
		STR_COPY(why, "the daemon was asked to stop");
	for (size_t i = 0; i < m->n_jobs; i++) {
		struct job *j = m->jobs[i];

		if (job_running(j) && ask(j, INPUT_CANCEL, why, "cancelled", message) < 0)
			log_debug("%s", message);
	}
}

int job_may_begin(const struct manager *m, char message[MESSAGE_SIZE])
{
	if (m->stopping)
		return say(message, -ECONNREFUSED, "nvmpathd is stopping");
	if (!m->leaving)
		return 0;
	return say(message, -ECONNREFUSED, "the machine is about to be %s", m->leaving);
}

static int check_restore(const struct job *j, char message[MESSAGE_SIZE])
{
	int r = job_may_begin(j->m, message);

	if (r < 0)
		return r;
	for (size_t i = 0; i < j->n_members; i++)
		if (j->members[i].missing[0])
			return say(message, -ECONNREFUSED,
				   "%s cannot be brought back: %s",
				   j->members[i].controller.o.name,
				   j->members[i].missing);
	return 0;
}

static void say_wait(const struct job *ahead, char detail[MESSAGE_SIZE])
{
	(void) snprintf(detail, MESSAGE_SIZE, "waits for removal %" PRIu32 " of %s",
			ahead->id, ahead->object);
}

void job_wait_for(struct job *j, const struct job *ahead)
{
	say_wait(ahead, j->detail);
}

int job_restore(struct job *j, char message[MESSAGE_SIZE])
{
	const struct job *ahead = job_in_subsystems(j->m, &j->subsystems, j);
	int r = check_restore(j, message);
	char detail[MESSAGE_SIZE] = "";

	if (r < 0)
		return r;
	if (ahead)
		say_wait(ahead, detail);
	return ask(j, ahead ? INPUT_WAIT : INPUT_RESTORE, detail, "restored", message);
}
