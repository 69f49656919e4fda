/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A shutdown or a suspend while a removal is at work. logind is asked to wait
 * as long as one is (a "delay" lock), and tells when it waits for us: then what
 * has not begun to detach is given back, and nothing new is begun.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/log.h"
#include "base/macro.h"
#include "base/str.h"
#include "inhibit.h"
#include "object.h"

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER LOGIND ".Manager"

struct inhibit {
	struct bus *b;
	int fd;			/* the lock; closing it gives it back */
	sd_bus_slot *call;	/* for it, not answered yet */
	sd_bus_slot *sleep, *shutdown, *owner;	/* signals */
	sd_bus_slot *sleeps, *shuts_down;	/* questions, not answered yet */
	bool said;		/* that there is no logind */
	bool refused;		/* not asked again before there is other work */
};

static void say_none(struct inhibit *i, const char *why)
{
	if (!i->said)
		log_info("No shutdown or suspend will wait for removals: %s", why);
	i->said = true;
}

static int on_lock(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const sd_bus_error *e = sd_bus_message_get_error(m);
	struct inhibit *i = userdata;
	int fd, r;

	(void) error;
	i->call = sd_bus_slot_unref(i->call);
	if (e) {
		i->refused = true;
		say_none(i, e->message ? e->message : e->name);
		return 0;
	}
	r = sd_bus_message_read(m, "h", &fd);
	if (r >= 0 && !jobs_idle(i->b->m))
		i->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (r < 0)
		say_none(i, strerror(-r));
	else
		i->said = false;
	return 0;
}

static int ask(struct inhibit *i)
{
	sd_bus_message *m = NULL;
	int r;

	r = sd_bus_message_new_method_call(i->b->bus, &m, LOGIND, LOGIND_PATH,
					   LOGIND_MANAGER, "Inhibit");
	if (r >= 0)	/* what is not there is not waited for */
		r = sd_bus_message_set_auto_start(m, false);
	if (r >= 0)
		r = sd_bus_message_append(m, "ssss", "shutdown:sleep", "nvmpathd",
					  "NVMe paths are being removed or restored", "delay");
	if (r >= 0)
		r = sd_bus_call_async(i->b->bus, &i->call, m, on_lock, i, 0);
	sd_bus_message_unref(m);
	return r;
}

void inhibit_update(struct bus *b)
{
	struct inhibit *i = b->inhibit;
	bool idle = jobs_idle(b->m);
	int r;

	if (!i)
		return;
	if (idle && i->fd >= 0) {
		close(i->fd);
		i->fd = -EBADF;
	}
	if (idle)
		i->refused = false;
	if (idle || i->refused || i->fd >= 0 || i->call)
		return;
	r = ask(i);
	if (r < 0)
		say_none(i, strerror(-r));
}

/* @what is to become of the machine; NULL: it stays. */
static void leave(struct inhibit *i, const char *what)
{
	struct manager *m = i->b->m;

	m->leaving = what;
	if (what) {
		log_notice("The machine is about to be %s", what);
		jobs_stop(m, what);
	}
	inhibit_update(i->b);
}

static int prepare(struct inhibit *i, sd_bus_message *m, const char *what)
{
	int begins;

	if (sd_bus_message_read(m, "b", &begins) >= 0)
		leave(i, begins ? what : NULL);
	return 0;
}

static int on_sleep(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	(void) error;
	return prepare(userdata, m, "suspended");
}

static int on_shutdown(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	(void) error;
	return prepare(userdata, m, "shut down");
}

/* Of a property: what began before we came was not told to us. */
static bool is_true(sd_bus_message *m)
{
	int begins;

	return !sd_bus_message_is_method_error(m, NULL) &&
	       sd_bus_message_read(m, "v", "b", &begins) >= 0 && begins;
}

static int on_sleeps(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct inhibit *i = userdata;

	(void) error;
	i->sleeps = sd_bus_slot_unref(i->sleeps);
	if (is_true(m))
		leave(i, "suspended");
	return 0;
}

static int on_shuts_down(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct inhibit *i = userdata;

	(void) error;
	i->shuts_down = sd_bus_slot_unref(i->shuts_down);
	if (is_true(m))
		leave(i, "shut down");
	return 0;
}

static int get(struct inhibit *i, const char *property, sd_bus_message_handler_t done,
	       sd_bus_slot **ret)
{
	sd_bus_message *m = NULL;
	int r;

	*ret = sd_bus_slot_unref(*ret);
	r = sd_bus_message_new_method_call(i->b->bus, &m, LOGIND, LOGIND_PATH,
					   "org.freedesktop.DBus.Properties", "Get");
	if (r >= 0)	/* what is not there is not waited for */
		r = sd_bus_message_set_auto_start(m, false);
	if (r >= 0)
		r = sd_bus_message_append(m, "ss", LOGIND_MANAGER, property);
	if (r >= 0)
		r = sd_bus_call_async(i->b->bus, ret, m, done, i, 0);
	sd_bus_message_unref(m);
	return r;
}

static int ask_whether(struct inhibit *i)
{
	int r = get(i, "PreparingForSleep", on_sleeps, &i->sleeps);

	return r < 0 ? r : get(i, "PreparingForShutdown", on_shuts_down, &i->shuts_down);
}

/*
 * What a logind has told goes with it, and so does its lock: the next one says
 * anew, and is asked anew.
 */
static int on_owner(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const char *name, *before, *after;
	struct inhibit *i = userdata;

	(void) error;
	if (sd_bus_message_read(m, "sss", &name, &before, &after) < 0)
		return 0;
	if (i->fd >= 0)
		close(i->fd);
	i->fd = -EBADF;
	i->call = sd_bus_slot_unref(i->call);	/* nobody answers that any more */
	i->refused = false;
	if (after[0])
		(void) ask_whether(i);
	leave(i, NULL);
	return 0;
}

static int watch_owner(struct inhibit *i)
{
	return sd_bus_add_match_async(i->b->bus, &i->owner,
				      "type='signal',sender='org.freedesktop.DBus',"
				      "path='/org/freedesktop/DBus',"
				      "interface='org.freedesktop.DBus',"
				      "member='NameOwnerChanged',arg0='" LOGIND "'",
				      on_owner, NULL, i);
}

int inhibit_new(struct bus *b)
{
	struct inhibit *i = calloc(1, sizeof(*i));
	int r;

	if (!i)
		return -ENOMEM;
	*i = (struct inhibit) { .b = b, .fd = -EBADF };
	b->inhibit = i;
	r = sd_bus_match_signal_async(b->bus, &i->sleep, LOGIND, LOGIND_PATH, LOGIND_MANAGER,
				      "PrepareForSleep", on_sleep, NULL, i);
	if (r >= 0)
		r = sd_bus_match_signal_async(b->bus, &i->shutdown, LOGIND, LOGIND_PATH,
					      LOGIND_MANAGER, "PrepareForShutdown",
					      on_shutdown, NULL, i);
	if (r >= 0)
		r = watch_owner(i);
	return r < 0 ? r : ask_whether(i);
}

void inhibit_done(struct bus *b)
{
	struct inhibit *i = b->inhibit;

	if (!i)
		return;
	sd_bus_slot_unref(i->call);
	sd_bus_slot_unref(i->sleep);
	sd_bus_slot_unref(i->shutdown);
	sd_bus_slot_unref(i->owner);
	sd_bus_slot_unref(i->sleeps);
	sd_bus_slot_unref(i->shuts_down);
	if (i->fd >= 0)
		close(i->fd);
	free(i);
	b->inhibit = NULL;
}
