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
	sd_bus_slot *sleep, *shutdown;
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

static int prepare(struct inhibit *i, sd_bus_message *m, const char *what)
{
	struct manager *manager = i->b->m;
	int r, begins;

	r = sd_bus_message_read(m, "b", &begins);
	if (r < 0)
		return 0;
	manager->leaving = begins ? what : NULL;
	if (begins) {
		log_notice("The machine is about to be %s", what);
		jobs_stop(manager, what);
	}
	inhibit_update(i->b);
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
	return r;
}

void inhibit_done(struct bus *b)
{
	struct inhibit *i = b->inhibit;

	if (!i)
		return;
	sd_bus_slot_unref(i->call);
	sd_bus_slot_unref(i->sleep);
	sd_bus_slot_unref(i->shutdown);
	if (i->fd >= 0)
		close(i->fd);
	free(i);
	b->inhibit = NULL;
}
