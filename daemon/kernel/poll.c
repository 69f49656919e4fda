/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <time.h>

#include "source.h"

struct poll_source {
	sd_event_source *timer;
	uint64_t interval_usec;
	look_func_t look;
	void *userdata;
};

struct poll_source *poll_source_free(struct poll_source *s)
{
	if (!s)
		return NULL;
	sd_event_source_disable_unref(s->timer);
	free(s);
	return NULL;
}

static int on_timer(sd_event_source *timer, uint64_t usec, void *userdata)
{
	struct poll_source *s = userdata;

	(void) usec;
	s->look(s->userdata);
	/* From now on, not from when it was due: a slow look must not pile up. */
	(void) sd_event_source_set_time_relative(timer, s->interval_usec);
	return sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

int poll_source_new(sd_event *event, uint64_t interval_usec, look_func_t look,
		    void *userdata, struct poll_source **ret)
{
	_cleanup_(poll_source_freep) struct poll_source *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->interval_usec = interval_usec;
	s->look = look;
	s->userdata = userdata;
	r = sd_event_add_time_relative(event, &s->timer, CLOCK_MONOTONIC,
				       interval_usec, 0, on_timer, s);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(s);
	return 0;
}
