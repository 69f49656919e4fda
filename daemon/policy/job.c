/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "act.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "job-record.h"
#include "tell.h"

bool job_running(const struct job *j)
{
	return !removal_state_rests(j->machine.state);
}

bool job_can_restore(const struct job *j)
{
	for (size_t i = 0; i < j->n_members; i++)
		if (j->members[i].missing[0])
			return false;
	return removal_can_restore(&j->machine);
}

struct member *members_free(struct member *v, size_t n)
{
	if (v)
		explicit_bzero(v, n * sizeof(*v));
	free(v);
	return NULL;
}

uint64_t job_held(const struct job *j)
{
	uint64_t held = 0;

	for (size_t i = 0; i < j->n_targets; i++) {
		const struct path *p = snapshot_path(j->m->now,
						     j->targets[i].path.o.name);

		held += p && p->o.ino == j->targets[i].path.o.ino &&
			str_equal(p->admin_state, "hold");
	}
	return held;
}

struct job *job_free(struct job *j)
{
	if (!j)
		return NULL;
	act_notify_end(j);
	sd_event_source_disable_unref(j->timer);
	if (j->m && j->m->worker)
		worker_forget(j->m->worker, j);
	names_done(&j->paths);
	names_done(&j->heads);
	names_done(&j->subsystems);
	names_done(&j->tried);
	free(j->targets);
	members_free(j->members, j->n_members);
	free(j->twins);
	free(j);
	return NULL;
}

static int on_timer(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct job *j = userdata;
	uint64_t interval;

	(void) usec;
	act_tick(j);
	interval = act_interval_usec(j);
	if (!interval)
		return sd_event_source_set_enabled(s, SD_EVENT_OFF);
	(void) sd_event_source_set_time_relative(s, interval);
	return sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
}

/* The first tick of a new state is due at once, the next by its interval. */
static void set_timer(struct job *j)
{
	int r;

	if (!act_interval_usec(j)) {
		if (j->timer)
			(void) sd_event_source_set_enabled(j->timer, SD_EVENT_OFF);
		return;
	}
	if (!j->timer) {
		r = sd_event_add_time_relative(j->m->event, &j->timer,
					       CLOCK_MONOTONIC, 0, 1000, on_timer, j);
		if (r < 0)
			(void) log_error_errno(r, "Failed to set a timer for removal %" PRIu32 ": %m",
					       j->id);
		return;
	}
	(void) sd_event_source_set_time_relative(j->timer, 0);
	(void) sd_event_source_set_enabled(j->timer, SD_EVENT_ONESHOT);
}

static const char *words_for(int error)
{
	switch (error) {
	case ECANCELED:
		return "cancelled";
	case ETIMEDOUT:
		return "took too long";
	case EINTR:
		return "undone after restart";
	case ENODEV:
	case ENXIO:
		return "it went away by itself";
	default:
		return strerror(error);
	}
}

/* What the outcome was, where no action left a sentence of its own. */
static void describe(struct job *j)
{
	enum removal_state state = j->machine.state;

	if (!j->detail[0] && j->machine.error)
		STR_COPY(j->detail, words_for(j->machine.error));
	if (state == REMOVAL_DETACHED && j->owners[0])
		str_append(j->detail, sizeof(j->detail), "%s%s", j->detail[0] ? "; " : "",
			   j->owners);
	if (state == REMOVAL_ROLLED_BACK)
		str_append(j->detail, sizeof(j->detail), "; its holds were released");
}

static void log_end(const struct job *j)
{
	bool good = j->machine.error == 0;

	(void) log_full(good ? LOG_INFO : LOG_NOTICE, 0,
			"Removal %" PRIu32 ": %s of %s is %s after %" PRIu64 " ms%s%s",
			j->id, removal_kind_to_string(j->machine.kind), j->object,
			removal_state_to_string(j->machine.state),
			(now_monotonic_usec() - j->began_usec) / USEC_PER_MSEC,
			j->detail[0] ? ": " : "", j->detail);
}

static void tell(const struct job *j)
{
	if (j->m->listener)
		j->m->listener->removal_changed(j->m->listener_userdata, j);
}

static void tell_paths(const struct job *j)
{
	for (size_t i = 0; i < j->n_targets; i++)
		manager_tell_hold(j->m, j->targets[i].path.o.name);
	manager_tell_status(j->m);
}

static void enter_state(struct job *j)
{
	uint64_t now = now_monotonic_usec();

	j->round++;
	j->looking = false;
	j->deadline_usec = !j->machine.deadline_usec ? 0 :
			   now_realtime_usec() + (j->machine.deadline_usec - now);
	if (job_running(j)) {
		j->finished_usec = 0;
	} else if (!j->finished_usec) {
		j->finished_usec = now_realtime_usec();
		describe(j);
		log_end(j);
	}
}

void job_input(struct job *j, enum removal_input input, int error)
{
	enum removal_state before = j->machine.state;
	enum removal_action action;
	int r;

	r = removal_step(&j->machine, input, error < 0 ? -error : error,
			 now_monotonic_usec(), &j->machine, &action);
	if (r < 0) {
		log_debug("Removal %" PRIu32 ": %s comes too late in %s", j->id,
			  removal_input_to_string(input),
			  removal_state_to_string(before));
		return;
	}
	if (j->machine.state == before && action == ACTION_NONE)
		return;
	log_debug("Removal %" PRIu32 ": %s, %s -> %s, %s", j->id,
		  removal_input_to_string(input), removal_state_to_string(before),
		  removal_state_to_string(j->machine.state),
		  removal_action_to_string(action));
	enter_state(j);
	if (j->machine.state != before) {
		tell_removal(j->m, j, before, j->entered_usec ?
			     now_monotonic_usec() - j->entered_usec : 0);
		j->entered_usec = now_monotonic_usec();
	}
	r = job_save(j);
	if (r < 0)
		(void) log_warning_errno(r, "Failed to write the record of removal %" PRIu32 ", ignoring: %m",
					 j->id);
	tell(j);
	tell_paths(j);
	if (before == REMOVAL_DRAINING)
		act_notify_end(j);
	if (r < 0 && action == ACTION_DETACH) {
		/* Who comes after a kill would take it for a path that went. */
		(void) snprintf(j->detail, sizeof(j->detail),
				"its detach cannot be recorded: %s", strerror(-r));
		job_input(j, INPUT_ERROR, r);
		return;
	}
	act(j, action);
	set_timer(j);
}
