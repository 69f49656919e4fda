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
#include "say.h"
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

struct job *job_by_id(const struct manager *m, uint32_t id)
{
	for (size_t i = 0; i < m->n_jobs; i++)
		if (m->jobs[i]->id == id)
			return m->jobs[i];
	return NULL;
}

struct job *job_on_path(const struct manager *m, const char *path)
{
	for (size_t i = 0; i < m->n_jobs; i++) {
		struct job *j = m->jobs[i];

		if (job_running(j) && j->machine.state != REMOVAL_QUEUED &&
		    names_has(&j->paths, path))
			return j;
	}
	return NULL;
}

struct job *job_in_subsystems(const struct manager *m,
			      const struct names *subsystems,
			      const struct job *but)
{
	struct job *first = NULL;

	for (size_t i = 0; i < m->n_jobs; i++) {
		struct job *j = m->jobs[i];

		if (j != but && job_running(j) &&
		    names_meet(&j->subsystems, subsystems) &&
		    (!first || j->turn < first->turn))
			first = j;
	}
	return first;
}

size_t jobs_running(const struct manager *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_jobs; i++)
		n += job_running(m->jobs[i]);
	return n;
}

bool jobs_idle(const struct manager *m)
{
	for (size_t i = 0; i < m->n_jobs; i++)
		if (job_running(m->jobs[i]) || m->jobs[i]->hooking)
			return false;
	return true;
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
	free(j->members);
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

static void drop_job(struct manager *m, size_t i)
{
	uint32_t id = m->jobs[i]->id;

	job_unsave(m, id);
	job_free(m->jobs[i]);
	memmove(m->jobs + i, m->jobs + i + 1,
		(m->n_jobs - i - 1) * sizeof(*m->jobs));
	m->n_jobs--;
	if (m->listener)
		m->listener->removal_dropped(m->listener_userdata, id);
}

static void drop_oldest(struct manager *m)
{
	size_t resting = m->n_jobs - jobs_running(m);

	for (size_t i = 0; i < m->n_jobs && resting >= JOBS_KEPT;) {
		/* a thread may still hold what it will have to undo */
		if (job_running(m->jobs[i]) || m->jobs[i]->writing_holds ||
		    m->jobs[i]->hooking) {
			i++;
			continue;
		}
		drop_job(m, i);
		resting--;
	}
}

int job_adopt(struct manager *m, struct job *j)
{
	struct job **grown;

	drop_oldest(m);
	grown = realloc(m->jobs, (m->n_jobs + 1) * sizeof(*m->jobs));
	if (!grown)
		return -ENOMEM;
	m->jobs = grown;
	m->jobs[m->n_jobs++] = j;
	if (j->id >= m->next_id)
		m->next_id = j->id + 1;
	return 0;
}

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
