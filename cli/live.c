/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "say.h"
#include "util.h"

/* How often a lost bus is looked for. */
#define RETRY_USEC (500 * USEC_PER_MSEC)

void live_end(struct live *l, enum nvmpath_exit code)
{
	l->code = code;
	(void) sd_event_exit(l->event, 0);
}

static void trouble(struct live *l, const char *text)
{
	if (l->on_trouble)
		l->on_trouble(l, text);
	else if (text)
		say_error("%s", text);
}

static void set_there(struct live *l, bool there)
{
	bool again = l->was_there;

	if (l->is_there == there)
		return;
	l->is_there = there;
	if (!there) {
		trouble(l, "nvmpathd went away; waiting for it to come back");
		return;
	}
	l->was_there = true;
	if (again && !l->on_trouble)
		say_error("nvmpathd is back");
	trouble(l, NULL);
	if (l->on_ready(l, again) < 0)
		live_end(l, NVMPATH_EXIT_FAILURE);
}

static int on_owner(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const char *name, *old, *new;

	(void) error;
	/* of every name on the bus */
	if (sd_bus_message_read(m, "sss", &name, &old, &new) < 0 ||
	    strcmp(name, NVMPATH_BUS_NAME))
		return 0;
	if (*old)
		set_there(userdata, false);
	if (*new)
		set_there(userdata, true);
	return 0;
}

static int has_owner(sd_bus *bus)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *reply = NULL;
	int r, there;

	r = sd_bus_call_method(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
			       "org.freedesktop.DBus", "NameHasOwner", NULL, &reply, "s",
			       NVMPATH_BUS_NAME);
	if (r >= 0)
		r = sd_bus_message_read_basic(reply, 'b', &there);
	return r < 0 ? r : there;
}

static int connect(struct live *l)
{
	int r;

	r = bus_try_open(l->args, &l->bus);
	if (r < 0)
		return r;
	l->has_match = false;
	r = sd_bus_match_signal(l->bus, NULL, "org.freedesktop.DBus", "/org/freedesktop/DBus",
				"org.freedesktop.DBus", "NameOwnerChanged", on_owner, l);
	if (r >= 0)
		r = sd_bus_attach_event(l->bus, l->event, SD_EVENT_PRIORITY_NORMAL);
	if (r >= 0)
		r = has_owner(l->bus);
	if (r >= 0)
		set_there(l, r > 0);
	return r;
}

static void disconnect(struct live *l)
{
	if (l->bus)
		(void) sd_bus_detach_event(l->bus);
	l->bus = sd_bus_close_unref(l->bus);
	l->is_there = false;
}

/* The bus itself does not tell that it went: its socket is looked at. */
static int on_tick(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct live *l = userdata;

	(void) usec;
	if (l->bus && sd_bus_is_open(l->bus) <= 0) {
		disconnect(l);
		trouble(l, "lost the bus; trying again");
	}
	if (!l->bus && connect(l) < 0)
		disconnect(l);
	(void) sd_event_source_set_time_relative(s, RETRY_USEC);
	return sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
}

static int on_signal(sd_event_source *s, const struct signalfd_siginfo *si, void *userdata)
{
	(void) s;
	(void) si;
	live_end(userdata, NVMPATH_EXIT_OK);
	return 0;
}

static int set_up(struct live *l)
{
	sigset_t set;
	int r;

	(void) sigemptyset(&set);
	(void) sigaddset(&set, SIGINT);
	(void) sigaddset(&set, SIGTERM);
	(void) sigprocmask(SIG_BLOCK, &set, NULL);
	r = sd_event_add_signal(l->event, NULL, SIGINT, on_signal, l);
	if (r >= 0)
		r = sd_event_add_signal(l->event, NULL, SIGTERM, on_signal, l);
	if (r >= 0)
		r = sd_event_add_time_relative(l->event, NULL, CLOCK_MONOTONIC, RETRY_USEC, 0,
					       on_tick, l);
	return r;
}

/* At the start a bus or a daemon that is not there is an error like any other. */
static enum nvmpath_exit first_connection(struct live *l)
{
	enum nvmpath_exit code;
	sd_bus *bus = NULL;
	int r;

	code = bus_open(l->args, &bus);
	(void) sd_bus_flush_close_unref(bus);
	if (code != NVMPATH_EXIT_OK)
		return code;
	r = connect(l);
	if (r < 0)
		return bus_fail("connect", NULL, r);
	if (l->is_there)
		return NVMPATH_EXIT_OK;
	return bus_fail("connect", NULL, -ENOTCONN);
}

enum nvmpath_exit live_run(struct live *l)
{
	enum nvmpath_exit code;
	int r;

	r = sd_event_new(&l->event);
	if (r >= 0)
		r = set_up(l);
	if (r < 0)
		return bus_fail("wait for events", NULL, r);
	code = first_connection(l);
	if (code == NVMPATH_EXIT_OK)
		r = sd_event_loop(l->event);
	else
		l->code = code;
	if (r < 0)
		l->code = bus_fail("wait for events", NULL, r);
	disconnect(l);
	l->event = sd_event_unref(l->event);
	return l->code;
}
