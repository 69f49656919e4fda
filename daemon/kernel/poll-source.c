/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <time.h>

#include "source.h"

struct poll_source {
	struct source s;
	sd_event_source *timer;
	uint64_t interval_usec;
};

static int on_timer(sd_event_source *timer, uint64_t usec, void *userdata)
{
	struct poll_source *p = userdata;

	(void) usec;
	source_tell_all(&p->s);
	/* From now on, not from when it was due: a slow look must not pile up. */
	(void) sd_event_source_set_time_relative(timer, p->interval_usec);
	return sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

static void done(struct source *s)
{
	sd_event_source_disable_unref(((struct poll_source *) s)->timer);
}

int poll_source_new(const struct source_config *c, uint64_t interval_usec,
		    struct source **ret)
{
	struct poll_source *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return -ENOMEM;
	p->s = (struct source) { "poll", done, c->func, c->userdata };
	p->interval_usec = interval_usec;
	r = sd_event_add_time_relative(c->event, &p->timer, CLOCK_MONOTONIC,
				       interval_usec, 0, on_timer, p);
	if (r < 0) {
		source_free(&p->s);
		return r;
	}
	*ret = &p->s;
	return 0;
}
