/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/source.h"
#include "kernel/sysfs.h"
#include "reread.h"
#include "tell.h"
#include "watch.h"

#define TRACEFS "/sys/kernel/tracing"
/* More than this at once, and everything is read. */
#define DIRTY_MAX 64
/*
 * The tracepoint fires before the kernel knows: 11 to 169 ms in measurements.
 * Looks after 10, 30, 70, ... 1270 ms.
 */
#define EARLY_FIRST_USEC (10 * USEC_PER_MSEC)
#define EARLY_LAST_USEC (1280 * USEC_PER_MSEC)
#define EARLY_MAX 32

struct early {
	struct hint hint;
	uint64_t wait_usec;
	uint64_t due_usec;		/* monotonic */
};

struct watch {
	struct manager *m;
	struct source *uevent, *trace, *poll, *replay;
	bool kernel_tells;
	bool had_controllers;		/* in the look before */

	sd_event_source *defer;		/* what is dirty is due */
	struct hint dirty[DIRTY_MAX];
	size_t n_dirty;

	sd_event_source *timer;		/* of the early ones */
	struct early early[EARLY_MAX];
	size_t n_early;
};

static bool same(const struct hint *a, const struct hint *b)
{
	return a->kind == b->kind && a->ana_group == b->ana_group &&
	       str_equal(a->name, b->name);
}

static void mark(struct watch *w, const struct hint *h)
{
	if (h->kind == HINT_ALL || w->n_dirty == DIRTY_MAX) {
		manager_look_soon(w->m);
		return;
	}
	for (size_t i = 0; i < w->n_dirty; i++)
		if (same(&w->dirty[i], h))
			return;
	w->dirty[w->n_dirty++] = *h;
	(void) sd_event_source_set_enabled(w->defer, SD_EVENT_ONESHOT);
}

static int on_dirty(sd_event_source *s, void *userdata)
{
	struct watch *w = userdata;
	size_t n = w->n_dirty;

	(void) s;
	w->n_dirty = 0;
	for (size_t i = 0; i < n; i++) {
		const struct hint *h = &w->dirty[i];
		int r = h->kind == HINT_PATH ? reread_path(w->m, h->name) :
					       reread_controller(w->m, h->name, h->ana_group);

		if (r < 0)	/* not what we know: it came or went */
			manager_look_soon(w->m);
	}
	return 0;
}

static void set_early_timer(struct watch *w)
{
	uint64_t due = UINT64_MAX;

	for (size_t i = 0; i < w->n_early; i++)
		if (w->early[i].due_usec < due)
			due = w->early[i].due_usec;
	if (due == UINT64_MAX) {
		(void) sd_event_source_set_enabled(w->timer, SD_EVENT_OFF);
		return;
	}
	(void) sd_event_source_set_time(w->timer, due);
	(void) sd_event_source_set_enabled(w->timer, SD_EVENT_ONESHOT);
}

static int on_early(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct watch *w = userdata;
	uint64_t now = now_monotonic_usec();
	size_t n = 0;

	(void) s;
	(void) usec;
	for (size_t i = 0; i < w->n_early; i++) {
		struct early e = w->early[i];

		if (e.due_usec <= now) {
			mark(w, &e.hint);
			e.wait_usec *= 2;
			e.due_usec = now + e.wait_usec;
		}
		if (e.wait_usec < EARLY_LAST_USEC)
			w->early[n++] = e;
	}
	w->n_early = n;
	set_early_timer(w);
	return 0;
}

static void look_again(struct watch *w, const struct hint *h)
{
	struct early e = {
		.hint = *h,
		.wait_usec = EARLY_FIRST_USEC,
		.due_usec = now_monotonic_usec() + EARLY_FIRST_USEC,
	};
	size_t i = 0;

	while (i < w->n_early && !same(&w->early[i].hint, h))
		i++;
	if (i == EARLY_MAX) {	/* too many: they are one look at everything */
		w->n_early = i = 0;
		e.hint = (struct hint) { .kind = HINT_ALL };
	}
	w->early[i] = e;
	if (i == w->n_early)
		w->n_early++;
	set_early_timer(w);
}

static void tell_source(struct watch *w, const char *name, const char *to,
			const char *reason)
{
	struct event e;

	event_init(&e, EVENT_SOURCE_CHANGED, name, "", to);
	STR_COPY(e.reason, reason);
	tell_event(w->m, &e);
	if (w->m->listener)
		w->m->listener->sources(w->m->listener_userdata);
	manager_tell_status(w->m);
}

/* Not from inside a source's own call: on_hint() may come from one of these. */
static int on_let_go(sd_event_source *s, void *userdata)
{
	struct watch *w = userdata;

	w->trace = source_free(w->trace);
	w->poll = source_free(w->poll);
	tell_source(w, "uevent", "used alone", "the kernel tells of every change itself");
	sd_event_source_unref(s);
	return 0;
}

static void learn(struct watch *w)
{
	sd_event_source *s = NULL;

	w->kernel_tells = true;
	if (w->trace || w->poll)
		(void) sd_event_add_defer(w->m->event, &s, on_let_go, w);
	if (w->m->listener)
		w->m->listener->sources(w->m->listener_userdata);
	manager_tell_status(w->m);
}

static void on_hint(void *userdata, const struct hint *h)
{
	struct watch *w = userdata;

	mark(w, h);
	if (h->early)
		look_again(w, h);
	if (h->tells_all && !w->kernel_tells)
		learn(w);
}

static struct source_config config_of(struct watch *w)
{
	return (struct source_config) {
		.event = w->m->event, .func = on_hint, .userdata = w,
	};
}

/* The tracepoint comes with the module, so perhaps later. */
static void try_trace(struct watch *w)
{
	struct source_config c = config_of(w);
	int r;

	if (w->trace || w->kernel_tells || !w->m->real_sysfs)
		return;
	r = trace_source_new(&c, TRACEFS, &w->trace);
	if (r < 0)
		log_debug("No events from tracefs: %s", strerror(-r));
	else
		tell_source(w, "tracefs", "used", "");
}

/* A kernel that tells says so before it does: event_seq of docs/kernel-abi.md. */
void watch_looked(struct watch *w)
{
	const struct snapshot *now = w->m->now;

	if (w->kernel_tells || !w->uevent)
		return;
	if (now->n_controllers && !w->had_controllers)
		try_trace(w);	/* its module may be new */
	w->had_controllers = now->n_controllers > 0;
	for (size_t i = 0; i < now->n_controllers; i++) {
		char path[64 + NAME_SIZE];

		(void) snprintf(path, sizeof(path), "class/nvme/%s/event_seq",
				now->controllers[i].o.name);
		if (!sysfs_exists(w->m->root_fd, path))
			continue;
		learn(w);
		return;
	}
}

static int add_sources(struct watch *w)
{
	const struct manager_config *config = &w->m->config;
	struct source_config c = config_of(w);
	int r;

	/* The host's events say nothing about a tree that is not its own. */
	if (w->m->real_sysfs) {
		r = uevent_source_new(&c, &w->uevent);
		if (r < 0)
			(void) log_warning_errno(r, "Failed to listen to the kernel's events, going on without them: %m");
		try_trace(w);
	}
	if (config->replay) {
		r = replay_source_new(&c, config->replay, &w->replay);
		if (r < 0)
			return log_error_errno(r, "Failed to replay %s: %m", config->replay);
	}
	r = poll_source_new(&c, config->poll_interval_usec ? config->poll_interval_usec :
			    w->m->settings.poll_interval_usec, &w->poll);
	if (r < 0)
		return log_error_errno(r, "Failed to set up the poll timer: %m");
	return 0;
}

static int add_loop(struct watch *w)
{
	sd_event *event = w->m->event;
	int r;

	r = sd_event_add_defer(event, &w->defer, on_dirty, w);
	if (r >= 0)	/* after all that waits: more of it is one look */
		r = sd_event_source_set_priority(w->defer, SD_EVENT_PRIORITY_NORMAL + 1);
	if (r >= 0)
		r = sd_event_source_set_enabled(w->defer, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_time(event, &w->timer, CLOCK_MONOTONIC, 0, 1000,
				      on_early, w);
	if (r >= 0)
		r = sd_event_source_set_enabled(w->timer, SD_EVENT_OFF);
	return r < 0 ? log_error_errno(r, "Failed to set up the event loop: %m") : 0;
}

int watch_new(struct manager *m, struct watch **ret)
{
	_cleanup_(watch_freep) struct watch *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	w->m = m;
	r = add_loop(w);
	if (r >= 0)
		r = add_sources(w);
	if (r < 0)
		return r;
	manager_look_soon(m);
	*ret = TAKE_PTR(w);
	return 0;
}

struct watch *watch_free(struct watch *w)
{
	if (!w)
		return NULL;
	source_free(w->uevent);
	source_free(w->trace);
	source_free(w->poll);
	source_free(w->replay);
	sd_event_source_disable_unref(w->defer);
	sd_event_source_disable_unref(w->timer);
	free(w);
	return NULL;
}

void watch_set_interval(struct watch *w, uint64_t usec)
{
	struct source_config c = config_of(w);
	struct source *fresh;

	if (!w->poll)
		return;
	if (poll_source_new(&c, usec, &fresh) < 0)
		return;
	source_free(w->poll);
	w->poll = fresh;
}

size_t watch_sources(const struct watch *w, const char *names[WATCH_SOURCES_MAX])
{
	const struct source *const all[] = { w->uevent, w->trace, w->replay, w->poll };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (all[i])
			names[n++] = source_name(all[i]);
	return n;
}

bool watch_kernel_tells(const struct watch *w)
{
	return w->kernel_tells;
}
