/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PropertiesChanged, coalesced: what changes in one turn of the event loop is
 * told once, when nothing of higher priority waits any more.
 */
#include <errno.h>
#include <stdint.h>

#include "base/log.h"
#include "base/str.h"
#include "bulk.h"
#include "object.h"

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

static int on_flush(sd_event_source *s, void *userdata)
{
	struct bus *b = userdata;

	(void) s;
	for (size_t i = 0; i < b->n_changed; i++) {
		int r = emit(b, &b->changed[i]);

		if (r < 0)
			(void) log_warning_errno(r, "Failed to announce changes of %s, ignoring: %m",
						 b->changed[i].name);
	}
	b->n_changed = 0;
	index_clear(&b->changed_index);
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
	if (r < 0)
		return r;
	return sd_event_source_set_enabled(b->flush, SD_EVENT_OFF);
}

void changed_done(struct bus *b)
{
	sd_event_source_disable_unref(b->flush);
	free(b->changed);
	index_done(&b->changed_index);
}
