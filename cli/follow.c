/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <systemd/sd-event.h>

#include "bus.h"
#include "describe.h"
#include "output.h"
#include "parse.h"
#include "progress.h"
#include "props.h"
#include "say.h"
#include "util.h"

/* Signals tell of changes; a lost one must not make us wait for ever. */
#define POLL_USEC (200 * USEC_PER_MSEC)

/* For a daemon that died: its unit starts it again after 200 ms. */
#define PATIENCE_USEC (10 * USEC_PER_SEC)

struct follow {
	const struct context *context;
	struct removal *removal;
	struct progress progress;
	sd_event *event;
	sd_event_source *timer;
	sd_bus_slot *changes;	/* the bus outlives us: the match must not */
	sd_bus_slot *question;	/* asked, and not answered yet */
	const char *verb;
	bool cancellable;
	bool cancelled;
	uint64_t lost_at_usec;	/* realtime, 0: the daemon is there */
	enum nvmpath_exit code;
};

static void end(struct follow *f, enum nvmpath_exit code)
{
	f->code = code;
	(void) sd_event_exit(f->event, 0);
}

static bool is_patience_over(const struct follow *f, int r)
{
	return r == -ECONNRESET || r == -ENOTCONN ||
	       now_realtime_usec() > f->lost_at_usec + PATIENCE_USEC;
}

/* systemd starts it again; it then knows the removal by its record. */
static void lost_daemon(struct follow *f, int r)
{
	if (!f->lost_at_usec) {
		progress_break(&f->progress);
		say_error("lost nvmpathd during the %s of %s; waiting for it to come back",
			  verb_noun(f->verb), f->removal->target);
		f->lost_at_usec = now_realtime_usec();
	}
	if (!is_patience_over(f, r))
		return;
	say_error("nvmpathd did not come back; it finishes or undoes the %s of %s when it is "
		  "started again, see: nvmpathctl list removal", verb_noun(f->verb),
		  f->removal->target);
	end(f, NVMPATH_EXIT_NOT_RUNNING);
}

/* How many of the removal's paths have nothing in flight; -1: not known, or not shown. */
static int count_quiet(const struct follow *f)
{
	int quiet = 0;

	if (!progress_wants_paths(&f->progress, f->removal))
		return -1;
	for (char **p = f->removal->paths; *p; p++) {
		_cleanup_(object_freep) struct object *path = object_new(KIND_PATH);

		if (!path)
			return -1;
		path->name = strdup(*p);
		if (!path->name || bus_refresh(f->context->bus, path) < 0)
			return -1;
		quiet += ((const struct path *) path)->in_flight == 0;
	}
	return quiet;
}

static void show(struct follow *f)
{
	f->lost_at_usec = 0;
	progress_show(&f->progress, f->removal, count_quiet(f));
}

static int on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct follow *f = userdata;
	int r = sd_bus_message_is_method_error(m, NULL) ?
		-sd_bus_message_get_errno(m) : parse_properties(m, &f->removal->object);

	(void) error;
	f->question = sd_bus_slot_unref(f->question);
	if (r < 0) {
		lost_daemon(f, r);
		return 0;
	}
	show(f);
	if (removal_is_over(f->removal))
		end(f, NVMPATH_EXIT_OK);
	return 0;
}

static void look(struct follow *f)
{
	int r;

	if (f->question)
		return;
	r = bus_ask(f->context->bus, &f->removal->object, on_answer, f, &f->question);
	if (r < 0)
		lost_daemon(f, r);
}

/* The next look is due when nothing was heard for a while. */
static int put_off(struct follow *f)
{
	(void) sd_event_source_set_time_relative(f->timer, POLL_USEC);
	return sd_event_source_set_enabled(f->timer, SD_EVENT_ONESHOT);
}

/* What it tells is shown; how it all ended is asked for, whole. */
static int on_change(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct follow *f = userdata;
	const char *interface;
	int r;

	(void) error;
	r = sd_bus_message_read_basic(m, 's', &interface);
	if (r >= 0)
		r = parse_properties(m, &f->removal->object);
	if (r < 0 || removal_is_over(f->removal)) {
		look(f);
		return 0;
	}
	show(f);
	return put_off(f);
}

static int on_timer(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct follow *f = userdata;

	(void) s;
	(void) usec;
	look(f);
	return put_off(f);
}

static int cancel(struct follow *f)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	uint64_t flags = 0;
	int r;

	r = bus_new_call(f->context->bus, &f->removal->object, "Cancel", &m);
	if (r >= 0)
		r = sd_bus_message_append_basic(m, 't', &flags);
	if (r >= 0)
		r = sd_bus_call(f->context->bus, m, BUS_CALL_TIMEOUT_USEC, NULL, NULL);
	return r;
}

/* The first time the removal is cancelled, the second time we go. */
static int on_signal(sd_event_source *s, const struct signalfd_siginfo *si, void *userdata)
{
	struct follow *f = userdata;

	(void) s;
	(void) si;
	progress_break(&f->progress);
	if (f->cancelled || !f->cancellable) {
		say_error("not waiting any longer; removal %s goes on, see: nvmpathctl show %s",
			  f->removal->object.name, f->removal->object.name);
		end(f, NVMPATH_EXIT_FAILURE);
		return 0;
	}
	f->cancelled = true;
	if (cancel(f) < 0)
		say_error("too late to cancel: the %s of %s is %s; waiting for its end",
			  verb_noun(f->verb), f->removal->target, f->removal->state);
	else
		say_error("cancelling the %s of %s; waiting until what was held is released",
			  verb_noun(f->verb), f->removal->target);
	return 0;
}

void follow_block_signals(void)
{
	sigset_t set;

	(void) sigemptyset(&set);
	(void) sigaddset(&set, SIGINT);
	(void) sigaddset(&set, SIGTERM);
	(void) sigprocmask(SIG_BLOCK, &set, NULL);
}

static int add_signals(struct follow *f)
{
	int r;

	r = sd_event_add_signal(f->event, NULL, SIGINT, on_signal, f);
	if (r < 0)
		return r;
	return sd_event_add_signal(f->event, NULL, SIGTERM, on_signal, f);
}

static int match_changes(struct follow *f)
{
	_cleanup_free_ char *path = NULL;
	int r = object_bus_path(&f->removal->object, &path);

	return r < 0 ? r : sd_bus_match_signal_async(f->context->bus, &f->changes,
						     NVMPATH_BUS_NAME, path,
						     "org.freedesktop.DBus.Properties",
						     "PropertiesChanged", on_change, NULL, f);
}

static int set_up(struct follow *f)
{
	sd_bus *bus = f->context->bus;
	int r;

	r = sd_event_new(&f->event);
	if (r < 0)
		return r;
	/* The connection may have more to do, and what is bound to it lives as long as it does. */
	(void) sd_bus_set_close_on_exit(bus, false);
	r = sd_bus_attach_event(bus, f->event, SD_EVENT_PRIORITY_NORMAL);
	if (r < 0)
		return r;
	r = match_changes(f);
	if (r < 0)
		return r;
	r = add_signals(f);
	if (r < 0)
		return r;
	/* The first look is at once: it sees what came before the match. */
	return sd_event_add_time_relative(f->event, &f->timer, CLOCK_MONOTONIC, 0, 0,
					  on_timer, f);
}

enum nvmpath_exit follow_removal(const struct context *c, struct removal *r,
				 const char *verb, bool cancellable, bool *ret_cancelled)
{
	struct follow f = {
		.context = c,
		.removal = r,
		.verb = verb,
		.cancellable = cancellable,
	};
	int e;

	follow_block_signals();
	progress_init(&f.progress, c->args, verb);
	e = set_up(&f);
	if (e >= 0)
		e = sd_event_loop(f.event);
	if (e < 0 && f.code == NVMPATH_EXIT_OK)
		f.code = bus_fail("follow the removal", NULL, e);
	progress_done(&f.progress);
	f.changes = sd_bus_slot_unref(f.changes);
	f.question = sd_bus_slot_unref(f.question);
	sd_event_source_unref(f.timer);
	(void) sd_bus_detach_event(c->bus);
	f.event = sd_event_unref(f.event);
	*ret_cancelled = f.cancelled;
	return f.code;
}
