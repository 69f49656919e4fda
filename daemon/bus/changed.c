/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PropertiesChanged, coalesced: what changes in one turn of the event loop is
 * told once, when nothing of higher priority waits any more. Where the bus takes
 * messages slower than paths change, what is not sent yet stays a change, and
 * never becomes a message for each time: that is what bounds the memory of a storm.
 */
#include <errno.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "bulk.h"
#include "object.h"

/* Messages that wait for the bus, a few kB each, and how soon it is looked at again. */
#define QUEUED_MAX 256
#define AGAIN_USEC (2 * USEC_PER_MSEC)

static uint64_t key_of(enum object_kind kind, const char *name)
{
	return str_hash(name) ^ (uint64_t) kind;
}

/* Two that share a key, if ever, are announced as often as they change. */
static struct changed *find(struct bus *b, enum object_kind kind, const char *name)
{
	size_t at = index_get(&b->changed_index, key_of(kind, name));
	struct changed *c = at == INDEX_NONE ? NULL : &b->changed[at];

	return c && c->kind == kind && str_equal(c->name, name) ? c : NULL;
}

static struct changed *add(struct bus *b, enum object_kind kind, const char *name)
{
	struct changed *c;
	void *grown;

	if (b->n_changed == b->changed_room) {
		size_t room = b->changed_room ? 2 * b->changed_room : 16;

		grown = realloc(b->changed, room * sizeof(*c));
		if (!grown)
			return NULL;
		b->changed = grown;
		b->changed_room = room;
	}
	if (index_get(&b->changed_index, key_of(kind, name)) == INDEX_NONE &&
	    index_put(&b->changed_index, key_of(kind, name), b->n_changed) < 0)
		return NULL;
	c = &b->changed[b->n_changed++];
	*c = (struct changed) { .kind = kind };
	STR_COPY(c->name, name);
	return c;
}

void changed_note(struct bus *b, enum object_kind kind, const char *name,
		  const char *property)
{
	struct changed *c = find(b, kind, name);

	bulk_forget(b);
	if (!c)
		c = add(b, kind, name);
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++)
		if (str_equal(c->properties[i], property))
			return;
	if (c->n == CHANGED_MAX)
		return;
	c->properties[c->n++] = property;
	c->properties[c->n] = NULL;
	(void) sd_event_source_set_enabled(b->flush, SD_EVENT_ONESHOT);
}

static int emit(struct bus *b, struct changed *c)
{
	_cleanup_free_ char *path = NULL;
	char **properties = (char **) (uintptr_t) c->properties;
	int r;

	if (c->kind == _OBJECT_KIND_MAX)
		return sd_bus_emit_properties_changed_strv(b->bus, NVMPATH_OBJ_ROOT,
							   NVMPATH_IFACE_MANAGER,
							   properties);
	if (!object_lookup(b, c->kind, c->name))
		return 0;	/* it went meanwhile */
	r = sd_bus_path_encode(object_prefix(c->kind), c->name, &path);
	if (r < 0)
		return r;
	return sd_bus_emit_properties_changed_strv(b->bus, path,
						   object_interface(c->kind),
						   properties);
}

bool bus_is_behind(const struct bus *b, uint64_t max)
{
	uint64_t queued;

	return sd_bus_get_n_queued_write(b->bus, &queued) >= 0 && queued >= max;
}

/* Where keys find no room, that change is told once more than it need be. */
static void keep_from(struct bus *b, size_t first)
{
	if (first == 0)
		return;
	index_clear(&b->changed_index);
	b->n_changed -= first;
	for (size_t i = 0; i < b->n_changed; i++) {
		b->changed[i] = b->changed[first + i];
		(void) index_put(&b->changed_index,
				 key_of(b->changed[i].kind, b->changed[i].name), i);
	}
}

static void flush(struct bus *b)
{
	size_t i;

	for (i = 0; i < b->n_changed && !bus_is_behind(b, QUEUED_MAX); i++) {
		int r = emit(b, &b->changed[i]);

		if (r < 0)
			(void) log_warning_errno(r, "Failed to announce changes of %s, ignoring: %m",
						 b->changed[i].name);
	}
	keep_from(b, i);
	if (b->n_changed) {
		(void) sd_event_source_set_time_relative(b->flush_again, AGAIN_USEC);
		(void) sd_event_source_set_enabled(b->flush_again, SD_EVENT_ONESHOT);
	} else {
		event_say_not_told(b);
	}
}

static int on_flush(sd_event_source *s, void *userdata)
{
	(void) s;
	flush(userdata);
	return 0;
}

static int on_flush_again(sd_event_source *s, uint64_t usec, void *userdata)
{
	(void) s;
	(void) usec;
	flush(userdata);
	return 0;
}

int changed_init(struct bus *b)
{
	int r;

	r = sd_event_add_defer(b->m->event, &b->flush, on_flush, b);
	if (r < 0)
		return r;
	/* after the manager's coalesced look, which is at + 1 */
	r = sd_event_source_set_priority(b->flush, SD_EVENT_PRIORITY_NORMAL + 2);
	if (r >= 0)
		r = sd_event_source_set_enabled(b->flush, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_time(b->m->event, &b->flush_again, CLOCK_MONOTONIC, 0,
				      USEC_PER_MSEC, on_flush_again, b);
	if (r >= 0)
		r = sd_event_source_set_priority(b->flush_again,
						 SD_EVENT_PRIORITY_NORMAL + 2);
	return r < 0 ? r : sd_event_source_set_enabled(b->flush_again, SD_EVENT_OFF);
}

void changed_done(struct bus *b)
{
	sd_event_source_disable_unref(b->flush);
	sd_event_source_disable_unref(b->flush_again);
	free(b->changed);
	index_done(&b->changed_index);
}
