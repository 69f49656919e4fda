/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "kernel/control.h"
#include "object.h"
#include "policy/hold.h"

#define GETTER(name) \
	static int name(sd_bus *bus, const char *path, const char *interface, \
			const char *property, sd_bus_message *reply, \
			void *userdata, sd_bus_error *error)

GETTER(get_link)
{
	const struct bus *b = bus_of(bus);
	const struct path *p = userdata;

	(void) path, (void) interface, (void) error;
	if (str_equal(property, "Namespace"))
		return object_append(b, reply, OBJECT_NAMESPACE, p->head);
	if (str_equal(property, "Controller"))
		return object_append(b, reply, OBJECT_CONTROLLER, p->controller);
	return object_append(b, reply, OBJECT_SUBSYSTEM, p->subsystem);
}

GETTER(get_inflight)
{
	int64_t v = UNKNOWN_NUMBER;

	(void) path, (void) interface, (void) property, (void) error;
	(void) path_read_inflight(bus_of(bus)->m->root_fd, userdata, &v);
	return sd_bus_message_append(reply, "x", v);
}

GETTER(get_hold)
{
	const struct path *p = userdata;
	const struct hold *h = hold_find(bus_of(bus)->m, p->o.name);
	char owner[32] = "";

	(void) path, (void) interface, (void) error;
	if (str_equal(property, "HoldSinceUSec"))
		return sd_bus_message_append(reply, "t", h ? h->since_usec : 0);
	if (str_equal(property, "HoldExpiresUSec"))
		return sd_bus_message_append(reply, "t", h ? h->expires_usec : 0);
	if (str_equal(property, "HoldReason"))
		return sd_bus_message_append(reply, "s", h ? h->reason : "");
	if (h)
		(void) snprintf(owner, sizeof(owner), "uid %" PRIu32, h->uid);
	return sd_bus_message_append(reply, "s", owner);
}

/* The removal at work on it, else the one whose drain left it held. */
GETTER(get_removal)
{
	const struct bus *b = bus_of(bus);
	const struct path *p = userdata;
	const struct job *j = job_on_path(b->m, p->o.name);
	const struct hold *h = hold_find(b->m, p->o.name);
	uint32_t id = j ? j->id : h ? h->removal : 0;
	char name[NAME_SIZE] = "";

	(void) path, (void) interface, (void) property, (void) error;
	if (id)
		(void) snprintf(name, sizeof(name), "%" PRIu32, id);
	return object_append(b, reply, OBJECT_REMOVAL, name);
}

GETTER(get_stats)
{
	const struct path_stats *s = manager_path_stats(bus_of(bus)->m, userdata);

	(void) path, (void) interface, (void) error;
	if (str_equal(property, "Transitions"))
		return sd_bus_message_append(reply, "t", s ? s->transitions : 0);
	if (str_equal(property, "LastChangeUSec"))
		return sd_bus_message_append(reply, "t", s ? s->last_change_usec : 0);
	return sd_bus_message_append(reply, "s", s ? s->last_change : "");
}

GETTER(get_counter)
{
	static const struct {
		const char *property;
		const char *attr;
	} counters[] = {
		{ "Failovers", "diag/multipath_failover_count" },
		{ "Retries", "diag/command_retries_count" },
		{ "CommandErrors", "diag/command_error_count" },
		{ "BioRedirects", "diag/bio_redirect_count" },
	};
	int64_t v = UNKNOWN_NUMBER;

	(void) path, (void) interface, (void) error;
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++)
		if (str_equal(counters[i].property, property))
			v = path_read_counter(bus_of(bus)->m->root_fd, userdata,
					      counters[i].attr);
	return sd_bus_message_append(reply, "x", v);
}

static const char *name_of(void *userdata)
{
	return ((const struct path *) userdata)->o.name;
}

static int on_hold(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return verb_hold(m, name_of(userdata), error);
}

static int on_release(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return verb_release(m, name_of(userdata), error);
}

static int on_drain(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return verb_removal(m, KIND_DRAIN, name_of(userdata), error);
}

static int on_remove(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return verb_removal(m, KIND_REMOVE, name_of(userdata), error);
}

#define TEXT(name, member, flags) \
	SD_BUS_PROPERTY(name, "s", get_text, offsetof(struct path, member), flags)
#define CHANGES SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define CONSTANT SD_BUS_VTABLE_PROPERTY_CONST
#define ANYBODY SD_BUS_VTABLE_UNPRIVILEGED	/* auth_check() decides */

const sd_bus_vtable path_vtable[] = {
	SD_BUS_VTABLE_START(0),
	TEXT("Name", o.name, CONSTANT),
	SD_BUS_PROPERTY("Namespace", "o", get_link, 0, CHANGES),
	SD_BUS_PROPERTY("Controller", "o", get_link, 0, CHANGES),
	SD_BUS_PROPERTY("Subsystem", "o", get_link, 0, CHANGES),
	SD_BUS_PROPERTY("NSID", "u", get_u32, offsetof(struct path, nsid), CHANGES),
	SD_BUS_PROPERTY("AnaGroup", "u", get_u32, offsetof(struct path, ana_group), CHANGES),
	TEXT("AnaState", ana_state, CHANGES),
	TEXT("AdminState", admin_state, CHANGES),
	TEXT("PathState", path_state, CHANGES),
	SD_BUS_PROPERTY("Usable", "b", get_bool, offsetof(struct path, usable), CHANGES),
	SD_BUS_PROPERTY("InFlight", "x", get_inflight, 0, 0),
	SD_BUS_PROPERTY("HoldReason", "s", get_hold, 0, CHANGES),
	SD_BUS_PROPERTY("HoldOwner", "s", get_hold, 0, CHANGES),
	SD_BUS_PROPERTY("HoldSinceUSec", "t", get_hold, 0, CHANGES),
	SD_BUS_PROPERTY("HoldExpiresUSec", "t", get_hold, 0, CHANGES),
	SD_BUS_PROPERTY("Removal", "o", get_removal, 0, CHANGES),
	SD_BUS_PROPERTY("Transitions", "t", get_stats, 0, CHANGES),
	SD_BUS_PROPERTY("LastChangeUSec", "t", get_stats, 0, CHANGES),
	SD_BUS_PROPERTY("LastChange", "s", get_stats, 0, CHANGES),
	SD_BUS_PROPERTY("Failovers", "x", get_counter, 0, 0),
	SD_BUS_PROPERTY("Retries", "x", get_counter, 0, 0),
	SD_BUS_PROPERTY("CommandErrors", "x", get_counter, 0, 0),
	SD_BUS_PROPERTY("BioRedirects", "x", get_counter, 0, 0),
	SD_BUS_METHOD_WITH_ARGS("Hold", SD_BUS_ARGS("s", reason, "t", flags),
				SD_BUS_NO_RESULT, on_hold, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Release", SD_BUS_ARGS("t", flags),
				SD_BUS_NO_RESULT, on_release, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Drain",
				SD_BUS_ARGS("t", timeout_usec, "s", reason, "t", flags),
				SD_BUS_RESULT("o", removal), on_drain, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Remove",
				SD_BUS_ARGS("t", timeout_usec, "s", reason, "t", flags),
				SD_BUS_RESULT("o", removal), on_remove, ANYBODY),
	SD_BUS_VTABLE_END
};
