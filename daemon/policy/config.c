/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "config.h"
#include "history.h"
#include "keep.h"
#include "kernel/config-read.h"
#include "tell.h"
#include "watch.h"

/* Files of a few kB. Where their disk does not answer, nobody waits for it. */
#define READ_PATIENCE_USEC (10 * USEC_PER_SEC)

/* They wait in locked memory, and anybody may ask. */
#define ASKERS_MAX 64

static uint64_t poll_interval(const struct manager *m)
{
	return m->config.poll_interval_usec ? m->config.poll_interval_usec :
					      m->settings.poll_interval_usec;
}

/* What was given on the command line stays. Takes @s. */
static void apply(struct manager *m, struct settings *s)
{
	uint64_t before = poll_interval(m);
	int r;

	settings_done(&m->settings);
	m->settings = *s;
	if (s->log_level[0] && !m->config.log_level_given)
		log_set_level(log_level_from_string(s->log_level));
	r = history_resize(&m->history, s->history_size);
	if (r < 0)
		(void) log_warning_errno(r, "Failed to resize the history, ignoring: %m");
	if (m->watch && poll_interval(m) != before)
		watch_set_interval(m->watch, poll_interval(m));
}

void config_init(struct manager *m)
{
	struct settings s;

	settings_init(&s);
	apply(m, &s);
}

/* The first reading, until its end or who waits for it is told that it takes long. */
struct first_reading {
	struct manager *m;
	sd_event_source *patience;
	config_done_t done;
	void *userdata;
};

struct first_reading *first_reading_free(struct first_reading *f)
{
	if (f)
		sd_event_source_disable_unref(f->patience);
	free(f);
	return NULL;
}

struct reading {
	char root[256];
	struct settings settings;
	bool taken;
	char message[CONFIG_MESSAGE_SIZE];
};

struct asker {
	config_done_t done;
	void *userdata;
};

/* One reading, and who hears of it. */
struct reload {
	struct manager *m;
	struct asker *askers;
	size_t n_askers;
	size_t room;
};

static int read_config(void *arg)
{
	struct reading *r = arg;

	return config_read(r->root, &r->settings, r->message);
}

static void reading_free(void *arg)
{
	struct reading *r = arg;

	if (!r->taken)
		settings_done(&r->settings);
	free(r);
}

static struct reload *reload_free(struct reload *q)
{
	if (q)
		free(q->askers);
	free(q);
	return NULL;
}
DEFINE_CLEANUP(struct reload *, reload_free)

/* @r is not there where it took too long: the thread still has it. */
static int take(struct manager *m, int result, struct reading *r,
		char message[CONFIG_MESSAGE_SIZE])
{
	if (r && result >= 0) {
		apply(m, &r->settings);
		r->taken = true;
		m->config_known = true;
		tell_daemon(m, EVENT_CONFIG_LOADED, "", "loaded", "");
		return 0;
	}
	if (r)
		(void) str_copy(message, CONFIG_MESSAGE_SIZE, r->message);
	else
		(void) snprintf(message, CONFIG_MESSAGE_SIZE,
				"the configuration could not be read within %d s: the one in force stays",
				(int) (READ_PATIENCE_USEC / USEC_PER_SEC));
	tell_daemon(m, EVENT_CONFIG_BAD, "", "kept", message);
	return r ? -EINVAL : -EIO;
}

/* One look for all of them, after the last of them came. */
static void on_read(void *userdata, int result, void *arg)
{
	_cleanup_(reload_freep) struct reload *q = userdata;
	char message[CONFIG_MESSAGE_SIZE] = "";
	struct manager *m = q->m;
	int r;

	if (m->reload == q)
		m->reload = NULL;
	result = take(m, result, arg, message);
	r = manager_look(m);
	if (r < 0 && result >= 0) {
		result = -EIO;
		(void) snprintf(message, sizeof(message), "reading the topology failed: %s",
				strerror(-r));
	}
	for (size_t i = 0; i < q->n_askers; i++)
		if (q->askers[i].done)
			q->askers[i].done(q->askers[i].userdata, result, message);
}

static int add_asker(struct reload *q, config_done_t done, void *userdata)
{
	size_t room = q->room ? q->room * 2 : 4;
	struct asker *grown;

	if (q->n_askers == q->room) {
		grown = realloc(q->askers, room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		q->askers = grown;
		q->room = room;
	}
	q->askers[q->n_askers++] = (struct asker) { .done = done, .userdata = userdata };
	return 0;
}

static int submit(struct manager *m, worker_done_t done, void *userdata,
		  uint64_t timeout_usec)
{
	struct reading *r = calloc(1, sizeof(*r));
	struct worker_call call = {
		.lane = WORKER_CONFIG,
		.func = read_config, .arg = r, .free_arg = reading_free,
		.done = done, .userdata = userdata, .timeout_usec = timeout_usec,
	};

	if (!r)
		return -ENOMEM;
	STR_COPY(r->root, m->config.config_root);
	return worker_submit(m->worker, &call);
}

/* What is written by now is seen by the last reading that was asked for. */
static bool may_join(const struct manager *m)
{
	return m->reload && worker_waits(m->worker, m->reload);
}

bool config_is_full(const struct manager *m)
{
	return may_join(m) && m->reload->n_askers >= ASKERS_MAX;
}

int config_reload(struct manager *m, config_done_t done, void *userdata)
{
	_cleanup_(reload_freep) struct reload *q = NULL;
	int r;

	if (may_join(m))
		return add_asker(m->reload, done, userdata);
	q = calloc(1, sizeof(*q));
	if (!q)
		return -ENOMEM;
	q->m = m;
	r = add_asker(q, done, userdata);
	if (r >= 0)
		r = submit(m, on_read, q, READ_PATIENCE_USEC);
	if (r >= 0)
		m->reload = TAKE_PTR(q);
	return r;
}

/* Once: at its end, or when patience is. */
static void tell_first(struct first_reading *f, int result, const char *message)
{
	config_done_t done = f->done;

	f->done = NULL;
	sd_event_source_disable_unref(f->patience);
	f->patience = NULL;
	if (done)
		done(f->userdata, result, message);
}

static int on_patience(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct first_reading *f = userdata;
	static const char message[] =
		"the configuration could not be read yet: until its disk answers nothing is held or removed that is not forced";

	(void) s;
	(void) usec;
	tell_daemon(f->m, EVENT_CONFIG_BAD, "", "awaited", message);
	tell_first(f, -ETIMEDOUT, message);
	return 0;
}

static void on_first_read(void *userdata, int result, void *arg)
{
	struct first_reading *f = userdata;
	struct manager *m = f->m;
	struct reading *r = arg;

	if (result >= 0) {
		apply(m, &r->settings);
		r->taken = true;
		keep_settings(m);
	} else {
		tell_daemon(m, EVENT_CONFIG_BAD, "", "defaults", r->message);
	}
	m->config_known = true;
	tell_first(f, result, r->message);
	manager_tell_status(m);
}

int config_first(struct manager *m, config_done_t done, void *userdata)
{
	struct first_reading *f = calloc(1, sizeof(*f));
	int r;

	if (!f)
		return -ENOMEM;
	*f = (struct first_reading) { .m = m, .done = done, .userdata = userdata };
	m->first_reading = f;
	r = sd_event_add_time_relative(m->event, &f->patience, CLOCK_MONOTONIC,
				       READ_PATIENCE_USEC, 0, on_patience, f);
	return r < 0 ? r : submit(m, on_first_read, f, 0);
}
