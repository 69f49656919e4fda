/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/log.h"
#include "base/str.h"
#include "config.h"
#include "history.h"
#include "kernel/config-read.h"
#include "tell.h"
#include "watch.h"

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

struct request {
	struct manager *m;
	config_done_t done;
	void *userdata;
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

static void on_read(void *userdata, int result, void *arg)
{
	struct request *q = userdata;
	struct manager *m = q->m;
	struct reading *r = arg;

	if (result >= 0) {
		apply(m, &r->settings);
		r->taken = true;
		tell_daemon(m, EVENT_CONFIG_LOADED, "", "loaded", "");
	} else {
		tell_daemon(m, EVENT_CONFIG_BAD, "", "kept", r->message);
	}
	manager_look_soon(m);
	if (q->done)
		q->done(q->userdata, result, r->message);
	free(q);
}

int config_reload(struct manager *m, config_done_t done, void *userdata)
{
	struct request *q = calloc(1, sizeof(*q));
	struct reading *r = calloc(1, sizeof(*r));
	struct worker_call call = {
		.func = read_config, .arg = r, .free_arg = reading_free,
		.done = on_read, .userdata = q,
	};
	int result;

	if (!q || !r) {
		free(q);
		free(r);
		return -ENOMEM;
	}
	*q = (struct request) { .m = m, .done = done, .userdata = userdata };
	STR_COPY(r->root, m->config.config_root);
	result = worker_submit(m->worker, &call);
	if (result < 0)
		free(q);
	return result;
}
