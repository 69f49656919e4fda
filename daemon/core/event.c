/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "event.h"

#define KIND_WORD_(suffix, word) word,
static const char *const event_kinds[] = {
	NVMPATH_EVENT_KINDS(KIND_WORD_)
};
DEFINE_TABLE(event_kind, enum event_kind, event_kinds)

#define ID_WORD_(suffix, id, kind) id,
static const char *const event_ids[] = {
	NVMPATH_EVENT_IDS(ID_WORD_)
};
DEFINE_TABLE(event_id, enum event_id, event_ids)

#define ID_KIND_(suffix, id, kind) EVENT_KIND_##kind,
static const enum event_kind kinds_of_ids[] = {
	NVMPATH_EVENT_IDS(ID_KIND_)
};

enum event_kind event_id_kind(enum event_id id)
{
	return (size_t) id < ARRAY_SIZE(kinds_of_ids) ? kinds_of_ids[id] :
							_EVENT_KIND_INVALID;
}

void event_init(struct event *e, enum event_id id, const char *object,
		const char *from, const char *to)
{
	memset(e, 0, sizeof(*e));
	e->id = id;
	e->kind = event_id_kind(id);
	STR_COPY(e->object, object);
	STR_COPY(e->from, from);
	STR_COPY(e->to, to);
}

void event_add(struct event *e, const char *key, const char *fmt, ...)
{
	char value[EVENT_REASON_SIZE];
	size_t length = strlen(e->extra);
	va_list ap;

	va_start(ap, fmt);
	(void) vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	if (!value[0])
		return;
	str_sanitize(value);
	if (length + strlen(key) + strlen(value) + 3 > sizeof(e->extra))
		return;
	str_append(e->extra, sizeof(e->extra), "%s=%s\n", key, value);
}

const char *event_extra(const struct event *e, const char *at,
			char key[32], char value[EVENT_REASON_SIZE])
{
	const char *equals, *end;
	size_t length;

	if (!at)
		at = e->extra;
	equals = strchr(at, '=');
	end = strchr(at, '\n');
	if (!equals || !end || equals > end)
		return NULL;
	length = (size_t) (equals - at);
	if (length >= 32)
		length = 31;
	memcpy(key, at, length);
	key[length] = '\0';
	length = (size_t) (end - equals - 1);
	if (length >= EVENT_REASON_SIZE)
		length = EVENT_REASON_SIZE - 1;
	memcpy(value, equals + 1, length);
	value[length] = '\0';
	return end + 1;
}

/* What an object may be named by in an event that is not its own. */
static bool names_objects(const char *key)
{
	static const char *const keys[] = {
		"path", "namespace", "controller", "subsystem", "subsysnqn",
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (str_equal(key, keys[i]))
			return true;
	return false;
}

bool event_concerns(const struct event *e, const char *object)
{
	char key[32], value[EVENT_REASON_SIZE];
	const char *at = NULL;

	if (!object[0] || str_equal(e->object, object))
		return true;
	while ((at = event_extra(e, at, key, value)))
		if (names_objects(key) && str_equal(value, object))
			return true;
	return false;
}

struct event *event_copy(const struct event *e)
{
	size_t size = offsetof(struct event, extra) + strlen(e->extra) + 1;
	struct event *copy = malloc(size);

	if (copy)
		memcpy(copy, e, size);
	return copy;
}

int event_list_add(struct event_list *l, const struct event *e)
{
	struct event *copy;

	if ((l->n & (l->n - 1)) == 0) {
		size_t room = l->n ? l->n * 2 : 1;
		struct event **grown = realloc(l->v, room * sizeof(*l->v));

		if (!grown)
			return -ENOMEM;
		l->v = grown;
	}
	copy = event_copy(e);
	if (!copy)
		return -ENOMEM;
	l->v[l->n++] = copy;
	return 0;
}

static int compare(const struct event *a, const struct event *b)
{
	if (a->when_usec != b->when_usec)
		return a->when_usec < b->when_usec ? -1 : 1;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return 0;
}

/* By insertion: what comes is nearly sorted already. */
static void sort(struct event_list *l)
{
	for (size_t i = 1; i < l->n; i++) {
		struct event *e = l->v[i];
		size_t k = i;

		for (; k > 0 && compare(l->v[k - 1], e) > 0; k--)
			l->v[k] = l->v[k - 1];
		l->v[k] = e;
	}
}

static void drop_first(struct event_list *l, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(l->v[i]);
	memmove(l->v, l->v + count, (l->n - count) * sizeof(*l->v));
	l->n -= count;
}

void event_list_sort(struct event_list *l, size_t max)
{
	size_t n = 0;

	if (!l->n)
		return;
	sort(l);
	for (size_t i = 0; i < l->n; i++) {
		if (n && compare(l->v[n - 1], l->v[i]) == 0)
			free(l->v[i]);
		else
			l->v[n++] = l->v[i];
	}
	l->n = n;
	if (max && l->n > max)
		drop_first(l, l->n - max);
}

void event_list_done(struct event_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct event_list) {};
}
