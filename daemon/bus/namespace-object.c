/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "kernel/control.h"
#include "kernel/loss-attr.h"
#include "object.h"

#define GETTER(name) \
	static int name(sd_bus *bus, const char *path, const char *interface, \
			const char *property, sd_bus_message *reply, \
			void *userdata, sd_bus_error *error)

GETTER(get_subsystem)
{
	const struct head *h = userdata;

	(void) path, (void) interface, (void) property, (void) error;
	return object_append(bus_of(bus), reply, OBJECT_SUBSYSTEM, h->subsystem);
}

GETTER(get_paths)
{
	const struct bus *b = bus_of(bus);
	const struct snapshot *s = b->m->now;
	const struct head *h = userdata;
	int r;

	(void) path, (void) interface, (void) property, (void) error;
	r = sd_bus_message_open_container(reply, 'a', "o");
	for (size_t i = 0; r >= 0 && i < s->n_paths; i++)
		if (str_equal(s->paths[i].head, h->o.name))
			r = object_append(b, reply, OBJECT_PATH, s->paths[i].o.name);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

GETTER(get_usable)
{
	const struct head *h = userdata;

	(void) path, (void) interface, (void) property, (void) error;
	return sd_bus_message_append(reply, "u",
				     head_usable_paths(bus_of(bus)->m->now, h->o.name));
}

GETTER(get_counter)
{
	static const struct {
		const char *property;
		const char *attr;
	} counters[] = {
		{ "BioRedirects", "diag/bio_redirect_count" },
		{ "IoRequeues", "diag/io_requeue_no_usable_path_count" },
		{ "IoFailures", "diag/io_fail_no_available_path_count" },
	};
	int64_t v = UNKNOWN_NUMBER;

	(void) path, (void) interface, (void) error;
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++)
		if (str_equal(counters[i].property, property))
			v = head_read_counter(bus_of(bus)->m->root_fd, userdata,
					      counters[i].attr);
	return sd_bus_message_append(reply, "x", v);
}

GETTER(get_delayed_removal)
{
	struct loss_object o = loss_head(userdata);
	char word[WORD_SIZE];

	(void) path, (void) interface, (void) property, (void) error;
	loss_read_one(bus_of(bus)->m->root_fd, &o, LOSS_DELAYED_REMOVAL, word);
	return sd_bus_message_append(reply, "x", loss_seconds(word));
}

#define TEXT(name, member, flags) \
	SD_BUS_PROPERTY(name, "s", get_text, offsetof(struct head, member), flags)
#define CHANGES SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define CONSTANT SD_BUS_VTABLE_PROPERTY_CONST

const sd_bus_vtable namespace_vtable[] = {
	SD_BUS_VTABLE_START(0),
	TEXT("Name", o.name, CONSTANT),
	SD_BUS_PROPERTY("Subsystem", "o", get_subsystem, 0, CHANGES),
	SD_BUS_PROPERTY("NSID", "u", get_u32, offsetof(struct head, nsid), CHANGES),
	TEXT("UUID", uuid, CHANGES),
	TEXT("NGUID", nguid, CHANGES),
	TEXT("WWID", wwid, CHANGES),
	SD_BUS_PROPERTY("SizeBytes", "t", get_u64, offsetof(struct head, size_bytes), CHANGES),
	SD_BUS_PROPERTY("Paths", "ao", get_paths, 0, CHANGES),
	SD_BUS_PROPERTY("UsablePaths", "u", get_usable, 0, CHANGES),
	SD_BUS_PROPERTY("DelayedRemovalSec", "x", get_delayed_removal, 0, 0),
	SD_BUS_PROPERTY("BioRedirects", "x", get_counter, 0, 0),
	SD_BUS_PROPERTY("IoRequeues", "x", get_counter, 0, 0),
	SD_BUS_PROPERTY("IoFailures", "x", get_counter, 0, 0),
	SD_BUS_VTABLE_END
};
