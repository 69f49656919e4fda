/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "object.h"

static int append_controllers(const struct bus *b, sd_bus_message *reply,
			      const char *subsystem)
{
	const struct snapshot *s = b->m->now;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < s->n_controllers; i++)
		if (str_equal(s->controllers[i].subsystem, subsystem))
			r = object_append(b, reply, OBJECT_CONTROLLER,
					  s->controllers[i].o.name);
	return r;
}

static int append_namespaces(const struct bus *b, sd_bus_message *reply,
			     const char *subsystem)
{
	const struct snapshot *s = b->m->now;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < s->n_heads; i++)
		if (str_equal(s->heads[i].subsystem, subsystem))
			r = object_append(b, reply, OBJECT_NAMESPACE,
					  s->heads[i].o.name);
	return r;
}

static int get_list(sd_bus *bus, const char *path, const char *interface,
		    const char *property, sd_bus_message *reply, void *userdata,
		    sd_bus_error *error)
{
	const struct bus *b = bus_of(bus);
	const struct subsystem *s = userdata;
	int r;

	(void) path;
	(void) interface;
	(void) error;
	r = sd_bus_message_open_container(reply, 'a', "o");
	if (r < 0)
		return r;
	r = str_equal(property, "Controllers") ?
	    append_controllers(b, reply, s->o.name) :
	    append_namespaces(b, reply, s->o.name);
	if (r < 0)
		return r;
	return sd_bus_message_close_container(reply);
}

#define TEXT(name, member, flags) \
	SD_BUS_PROPERTY(name, "s", get_text, offsetof(struct subsystem, member), flags)
#define CHANGES SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define CONSTANT SD_BUS_VTABLE_PROPERTY_CONST

const sd_bus_vtable subsystem_vtable[] = {
	SD_BUS_VTABLE_START(0),
	TEXT("Name", o.name, CONSTANT),
	TEXT("NQN", nqn, CHANGES),
	TEXT("Model", model, CHANGES),
	TEXT("Serial", serial, CHANGES),
	TEXT("Firmware", firmware, CHANGES),
	TEXT("IOPolicy", iopolicy, CHANGES),
	SD_BUS_PROPERTY("Controllers", "ao", get_list, 0, CHANGES),
	SD_BUS_PROPERTY("Namespaces", "ao", get_list, 0, CHANGES),
	SD_BUS_VTABLE_END
};
