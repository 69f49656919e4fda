/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "config.h"
#include "history.h"
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

void config_load(struct manager *m)
{
	char message[CONFIG_MESSAGE_SIZE] = "";
	struct settings s;
	int r;

	r = config_read(m->config.config_root, &s, message);
	if (r < 0) {
		settings_init(&s);
		tell_daemon(m, EVENT_CONFIG_BAD, "", "defaults", message);
	}
	apply(m, &s);
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

static int submit(struct manager *m, struct reload *q)
{
	struct reading *r = calloc(1, sizeof(*r));
	struct worker_call call = {
		.lane = WORKER_CONFIG,
		.func = read_config, .arg = r, .free_arg = reading_free,
		.done = on_read, .userdata = q, .timeout_usec = READ_PATIENCE_USEC,
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
		r = submit(m, q);
	if (r >= 0)
		m->reload = TAKE_PTR(q);
	return r;
}
