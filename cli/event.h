/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happened: Manager.History and the signal Event carry the same tuple. */
#ifndef NVMPATH_CLI_EVENT_H
#define NVMPATH_CLI_EVENT_H

#include <json-c/json.h>
#include <systemd/sd-bus.h>

#include "scope.h"
#include "verbs.h"

struct event {
	uint64_t time_usec;		/* realtime */
	char *kind, *object, *from, *to, *reason;
	uint64_t duration_usec;		/* of the state before; 0: unknown */
	char **extra;			/* key, value, key, value, NULL */
};

struct event_list {
	struct event *events;		/* newest last */
	size_t n;
};

/* Reads the fields from where the message stands; -ENOMEM, -EBADMSG. event_done() in any case. */
int event_read(sd_bus_message *m, struct event *ret);
void event_done(struct event *e);
#define _cleanup_event_ _cleanup_(event_done)

void event_list_done(struct event_list *l);
#define _cleanup_events_ _cleanup_(event_list_done)

/*
 * Asks for the events since and until then (0: all, now), at most max (0: as many as there
 * are), of one object ("": all). event_list_done() in any case. A negative errno, nothing is said.
 */
struct event_query {
	uint64_t since_usec, until_usec;
	const char *object;
	uint32_t max;
};
int event_query(sd_bus *bus, const struct event_query *q, struct event_list *ret,
		sd_bus_error *error);

/*
 * Whether it is about the object: by its name, as one of its extra facts, or for KEY=VALUE and
 * a PCI address by the address that its controller had. Objects that are gone are found so, too.
 */
bool event_is_about(const struct event *e, const char *name);
/* "usable -> held", "held", "usable -> ?" ... Allocated. */
char *event_change(const struct event *e);
/* One line for people. Allocated; NULL: no memory. */
char *event_line(const struct event *e);
struct json_object *event_to_json(const struct event *e);

#endif
