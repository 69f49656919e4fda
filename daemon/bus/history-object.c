/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Manager.History and the signal Event: the same tuple, then and now. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "auth.h"
#include "base/log.h"
#include "base/str.h"
#include "object.h"
#include "policy/history.h"

/* Messages that wait for the bus, half a kB each; and how few there are to be after that. */
#define EVENTS_QUEUED_MAX 1024
#define EVENTS_QUEUED_AGAIN 512

/* tsssss t a{ss}: without the parentheses of a struct */
static int append_event(sd_bus_message *m, const struct event *e)
{
	char key[32], value[EVENT_REASON_SIZE];
	const char *kind = event_kind_to_string(e->kind);
	const char *at = NULL;
	int r;

	r = sd_bus_message_append(m, "tssssst", e->when_usec, kind ? kind : "",
				  e->object, e->from, e->to, e->reason,
				  e->duration_usec);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "{ss}");
	while (r >= 0 && (at = event_extra(e, at, key, value)))
		r = sd_bus_message_append(m, "{ss}", key, value);
	return r < 0 ? r : sd_bus_message_close_container(m);
}

void event_say_not_told(struct bus *b)
{
	if (b->events_not_told)
		log_warning("The bus took nothing for a while, %" PRIu64 " events were not told on it: History has them",
			    b->events_not_told);
	b->events_not_told = 0;
}

/* An event cannot be told later as a change can: the journal has what is not told. */
static bool no_room_for_event(struct bus *b)
{
	if (bus_is_behind(b, b->events_not_told ? EVENTS_QUEUED_AGAIN : EVENTS_QUEUED_MAX)) {
		b->events_not_told++;
		return true;
	}
	event_say_not_told(b);
	return false;
}

void event_emit(void *userdata, const struct event *e)
{
	struct bus *b = userdata;
	sd_bus_message *m = NULL;
	int r;

	if (no_room_for_event(b))
		return;
	r = sd_bus_message_new_signal(b->bus, &m, NVMPATH_OBJ_ROOT,
				      NVMPATH_IFACE_MANAGER, "Event");
	if (r >= 0)
		r = append_event(m, e);
	if (r >= 0)
		r = sd_bus_send(b->bus, m, NULL);
	sd_bus_message_unref(m);
	if (r < 0)
		(void) log_warning_errno(r, "Failed to tell of %s, ignoring: %m",
					 e->object);
}

static int append_all(sd_bus_message *reply, const struct event_list *events)
{
	int r = sd_bus_message_open_container(reply, 'a', "(tsssssta{ss})");

	for (size_t i = 0; r >= 0 && i < events->n; i++) {
		r = sd_bus_message_open_container(reply, 'r', "tsssssta{ss}");
		if (r >= 0)
			r = append_event(reply, events->v[i]);
		if (r >= 0)
			r = sd_bus_message_close_container(reply);
	}
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int send_answer(sd_bus_message *call, const struct event_list *events)
{
	sd_bus_message *reply = NULL;
	int r;

	r = sd_bus_message_new_method_return(call, &reply);
	if (r >= 0)
		r = append_all(reply, events);
	if (r >= 0)
		r = sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return r;
}

static void on_events(void *userdata, int result, const struct event_list *events)
{
	sd_bus_message *call = userdata;
	int r = result;

	if (r >= 0)
		r = send_answer(call, events);
	if (r < 0)
		r = sd_bus_reply_method_errno(call, r, NULL);
	if (r < 0)
		(void) log_warning_errno(r, "Failed to answer, ignoring: %m");
	sd_bus_message_unref(call);
}

static int read_query(sd_bus_message *m, struct history_query *q, sd_bus_error *error)
{
	const char *object;
	uint64_t flags;
	int r;

	r = sd_bus_message_read(m, "ttsu", &q->since_usec, &q->until_usec, &object,
				&q->max);
	if (r < 0)
		return r;
	if (str_copy(q->object, sizeof(q->object), object) < 0)
		return bus_error(error, -EINVAL, "no object has a name that long");
	if (!q->max || q->max > HISTORY_MAX)
		q->max = HISTORY_MAX;
	return verb_flags(m, 0, &flags, error);
}

int on_history(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus *b = userdata;
	struct history_query q = {};
	uint32_t uid;
	int r = read_query(m, &q, error);

	if (r >= 0)
		r = auth_check(m, AUTH_OBSERVE, false, q.object, &uid, error);
	if (r)
		return r;
	r = history_request(b->m, &q, on_events, sd_bus_message_ref(m));
	if (r < 0) {
		sd_bus_message_unref(m);
		return bus_error(error, r, r == -EBUSY ?
				 "other histories are being read: try again" : strerror(-r));
	}
	return 1;	/* answered later */
}
