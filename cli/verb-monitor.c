/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "event.h"
#include "json.h"
#include "live.h"
#include "output.h"
#include "resolve.h"
#include "say.h"
#include "target.h"
#include "util.h"
#include "verbs.h"

struct monitor {
	struct live live;
	const struct args *args;
	const char *object;		/* NULL: all */
	uint64_t last_usec;		/* of the newest event that was seen */
	uint32_t shown;
};

static void print_event(struct monitor *mon, const struct event *e)
{
	_cleanup_free_ char *line = NULL;

	if (mon->args->json) {
		struct json_object *doc = json_new_document();

		json_add(doc, "event", event_to_json(e));
		/* one line an event whatever the mode */
		json_print(doc, JSON_SHORT);
	} else {
		line = event_line(e);
		say("%s", line ?: "out of memory");
	}
	(void) fflush(stdout);
}

static void see_event(struct monitor *mon, const struct event *e)
{
	mon->last_usec = e->time_usec > mon->last_usec ? e->time_usec : mon->last_usec;
	if (mon->object && !event_is_about(e, mon->object))
		return;
	print_event(mon, e);
	if (++mon->shown == mon->args->lines)
		live_end(&mon->live, NVMPATH_EXIT_OK);
}

static int on_event(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	_cleanup_event_ struct event e = { 0 };
	const char *contents;
	int r = 0;

	(void) error;
	/* the tuple as arguments, or as one structure */
	if (sd_bus_message_peek_type(m, NULL, &contents) > 0 && contents)
		r = sd_bus_message_enter_container(m, 'r', contents);
	if (r >= 0)
		r = event_read(m, &e);
	if (r >= 0)
		see_event(userdata, &e);
	return 0;
}

/* What happened while nobody was listening. */
static void catch_up(struct monitor *mon)
{
	_cleanup_events_ struct event_list l = { 0 };
	const struct event_query q = { .since_usec = mon->last_usec + 1 };

	if (!mon->last_usec || event_query(mon->live.bus, &q, &l, NULL) < 0)
		return;
	for (size_t i = 0; i < l.n; i++)
		see_event(mon, &l.events[i]);
}

/* What is not there may come, and is waited for; that it is not is said. */
static void check_name(struct monitor *mon)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	struct candidates near;
	struct scope s;
	int r;

	if (bus_read_topology(mon->live.bus, false, &m) != NVMPATH_EXIT_OK)
		return;
	r = resolve_scope(&m, mon->object, &s, &near);
	/* KEY=VALUE with a KEY that is none never comes */
	if (r == -EINVAL)
		live_end(&mon->live, target_scope(&m, mon->object, &s));
	else if (r == -ENOENT)
		say_error("%s: no such object now%s%s; waiting for it to come", mon->object,
			  near.n ? ", did you mean " : "", near.n ? near.names[0] : "");
}

static int on_ready(struct live *live, bool again)
{
	struct monitor *mon = live->userdata;
	int r = 0;

	if (!again && mon->object)
		check_name(mon);

	if (!live->has_match)
		r = sd_bus_match_signal_async(live->bus, NULL, NVMPATH_BUS_NAME, NVMPATH_OBJ_ROOT,
					      NVMPATH_IFACE_MANAGER, "Event", on_event, NULL, mon);
	live->has_match = true;
	if (again)
		catch_up(mon);
	return r;
}

enum nvmpath_exit verb_monitor(const struct context *c, const char *object)
{
	struct monitor mon = {
		.args = c->args,
		.object = object && !strncmp(object, "/dev/", 5) ? object + 5 : object,
		.last_usec = now_realtime_usec(),
	};

	mon.live = (struct live) { .args = c->args, .on_ready = on_ready, .userdata = &mon };
	return live_run(&mon.live);
}
