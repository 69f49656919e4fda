/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "hold-book.h"
#include "job.h"
#include "lease.h"

/* A write or a removal is at work on the path: look again then. */
#define AGAIN_USEC (200 * USEC_PER_MSEC)

/* The kernel refused it. */
#define RETRY_USEC (5 * USEC_PER_SEC)

static bool is_over(const struct hold *h, uint64_t now_usec)
{
	return h->lapsed || (h->expires_boottime_usec &&
			     now_usec >= h->expires_boottime_usec);
}

static void on_released(void *userdata, int result, const char *message)
{
	struct manager *m = userdata;

	if (result >= 0) {
		leases_changed(m);
		return;
	}
	log_warning("A hold whose time is over: %s", message);
	(void) sd_event_source_set_time(m->lease_timer, now_boottime_usec() + RETRY_USEC);
	(void) sd_event_source_set_enabled(m->lease_timer, SD_EVENT_ONESHOT);
}

/* The reason goes with the event of its end. */
static void say_over(struct manager *m, struct hold *h)
{
	if (h->said_over)
		return;
	h->said_over = true;
	log_notice("%s: its hold by uid %" PRIu32 " ends: %s", h->path, h->uid,
		   h->lapsed ? "who asked for it left the bus" : "its time is over");
	str_append(h->reason, sizeof(h->reason), "%s%s", h->reason[0] ? "; " : "",
		   h->lapsed ? "its owner left the bus" : "its time is over");
	manager_tell_hold(m, h->path);
}

/* Releases what is over and free to be; true where something is not yet. */
static bool release_over(struct manager *m)
{
	_cleanup_(names_done) struct names paths = {};
	uint64_t now = now_boottime_usec();
	bool waits = false;

	for (size_t i = 0; i < m->n_holds; i++) {
		struct hold *h = m->holds[i];

		if (!is_over(h, now))
			continue;
		if (h->in_flight || job_on_path(m, h->path)) {
			waits = true;
			continue;
		}
		say_over(m, h);
		waits |= names_add(&paths, h->path) < 0;
	}
	if (paths.n && hold_write(m, &paths, false, NULL, on_released, m) < 0)
		waits = true;
	return waits;
}

/* 0: none. */
static uint64_t next_expiry(const struct manager *m)
{
	uint64_t next = 0;

	for (size_t i = 0; i < m->n_holds; i++) {
		uint64_t at = m->holds[i]->expires_boottime_usec;

		if (at && (!next || at < next))
			next = at;
	}
	return next;
}

static int on_timer(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct manager *m = userdata;
	uint64_t next;

	(void) usec;
	if (release_over(m))
		next = now_boottime_usec() + AGAIN_USEC;
	else
		next = next_expiry(m);
	if (!next)
		return sd_event_source_set_enabled(s, SD_EVENT_OFF);
	(void) sd_event_source_set_time(s, next);
	return sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
}

static bool any_term(const struct manager *m)
{
	for (size_t i = 0; i < m->n_holds; i++)
		if (m->holds[i]->lapsed || m->holds[i]->expires_boottime_usec)
			return true;
	return false;
}

void leases_changed(struct manager *m)
{
	int r = 0;

	if (!any_term(m))
		return;
	if (!m->lease_timer)
		r = sd_event_add_time(m->event, &m->lease_timer, CLOCK_BOOTTIME, 0,
				      10 * USEC_PER_MSEC, on_timer, m);
	else
		r = sd_event_source_set_time(m->lease_timer, 0);
	if (r >= 0)
		r = sd_event_source_set_enabled(m->lease_timer, SD_EVENT_ONESHOT);
	if (r < 0)
		(void) log_error_errno(r, "Failed to set the timer of holds: %m");
}

static void call_off(struct manager *m, const char *lease)
{
	char message[MESSAGE_SIZE];

	for (size_t i = 0; i < m->n_jobs; i++) {
		struct job *j = m->jobs[i];

		if (!job_running(j) || !str_equal(j->lease, lease) ||
		    job_cancel(j, message) < 0)
			continue;
		log_notice("Removal %" PRIu32 ": who asked for it left the bus", j->id);
	}
}

void lease_client_gone(struct manager *m, const char *lease)
{
	call_off(m, lease);
	for (size_t i = 0; i < m->n_holds; i++)
		if (str_equal(m->holds[i]->lease, lease))
			m->holds[i]->lapsed = true;
	leases_changed(m);
}
