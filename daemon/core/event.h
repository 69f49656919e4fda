/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A transition, as it is told on the bus, kept in memory and in the journal. */
#ifndef NVMPATH_CORE_EVENT_H
#define NVMPATH_CORE_EVENT_H

#include <nvmpath/events.h>
#include <nvmpath/words.h>

#include "model.h"

#define EVENT_OBJECT_SIZE	64
#define EVENT_REASON_SIZE	256
#define EVENT_EXTRA_SIZE	1024

#define EVENT_KIND_ENUM_(suffix, word) EVENT_KIND_##suffix,
enum event_kind {
	NVMPATH_EVENT_KINDS(EVENT_KIND_ENUM_)
	_EVENT_KIND_MAX,
	_EVENT_KIND_INVALID = -EINVAL,
};
DECLARE_TABLE(event_kind, enum event_kind);

#define EVENT_ID_ENUM_(suffix, id, kind) EVENT_##suffix,
enum event_id {
	NVMPATH_EVENT_IDS(EVENT_ID_ENUM_)
	_EVENT_ID_MAX,
	_EVENT_ID_INVALID = -EINVAL,
};
/* The MESSAGE_ID, 32 hexadecimal digits. */
DECLARE_TABLE(event_id, enum event_id);

enum event_kind event_id_kind(enum event_id id);

struct event {
	enum event_kind kind;
	enum event_id id;		/* _EVENT_ID_INVALID: read back, unknown */
	uint64_t seq;			/* of this daemon's run, from 1 */
	uint64_t when_usec;		/* realtime */
	uint64_t duration_usec;		/* how long @from lasted; 0: unknown */
	char object[EVENT_OBJECT_SIZE];
	char from[REASONS_SIZE];
	char to[REASONS_SIZE];
	char reason[EVENT_REASON_SIZE];
	char extra[EVENT_EXTRA_SIZE];	/* lines "key=value", last: see event_copy() */
};

/* An empty event of that id; its kind comes with it. */
void event_init(struct event *e, enum event_id id, const char *object,
		const char *from, const char *to);

/*
 * Adds key=value; nothing is added where the value is "" or there is no room
 * for all of it. Control characters in the value become '?'.
 */
void event_add(struct event *e, const char *key, const char *fmt, ...)
	_printf_(3, 4);

/*
 * Walks the extras: @at is NULL at first. Copies a pair out and returns where
 * the next begins; NULL where there is none.
 */
const char *event_extra(const struct event *e, const char *at,
			char key[32], char value[EVENT_REASON_SIZE]);

/*
 * Whether it is about this object: its own name, or one of its extras says so.
 * "" asks for everything.
 */
bool event_concerns(const struct event *e, const char *object);

/* A copy no larger than it has to be; free() it. NULL: no memory. */
struct event *event_copy(const struct event *e);

/* Copies, oldest first once they are sorted; what they hold goes with them. */
struct event_list {
	struct event **v;
	size_t n;
};

/* -ENOMEM. */
int event_list_add(struct event_list *l, const struct event *e);
/* By time and number; keeps the @max newest (0: all), drops what is there twice. */
void event_list_sort(struct event_list *l, size_t max);
void event_list_done(struct event_list *l);

#endif
