/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "kernel/control.h"
#include "kernel/loss-attr.h"
#include "object.h"
#include "policy/ana.h"

#define GETTER(name) \
	static int name(sd_bus *bus, const char *path, const char *interface, \
			const char *property, sd_bus_message *reply, \
			void *userdata, sd_bus_error *error)

GETTER(get_subsystem)
{
	const struct controller *c = userdata;

	(void) path, (void) interface, (void) property, (void) error;
	return object_append(bus_of(bus), reply, OBJECT_SUBSYSTEM, c->subsystem);
}

GETTER(get_paths)
{
	const struct bus *b = bus_of(bus);
	const struct snapshot *s = b->m->now;
	const struct controller *c = userdata;
	int r;

	(void) path, (void) interface, (void) property, (void) error;
	r = sd_bus_message_open_container(reply, 'a', "o");
	for (size_t i = 0; r >= 0 && i < s->n_paths; i++)
		if (str_equal(s->paths[i].controller, c->o.name))
			r = object_append(b, reply, OBJECT_PATH, s->paths[i].o.name);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

GETTER(get_ns_management)
{
	const struct controller_facts *f = manager_facts(bus_of(bus)->m, userdata);
	bool known = f && f->known;

	(void) path, (void) interface, (void) error;
	if (str_equal(property, "NamespaceManagementKnown"))
		return sd_bus_message_append(reply, "b", (int) known);
	return sd_bus_message_append(reply, "b",
				     (int) (known && f->has_ns_management));
}

GETTER(get_ana_groups)
{
	const struct manager *m = bus_of(bus)->m;
	const struct controller *c = userdata;
	int r;

	(void) path, (void) interface, (void) property, (void) error;
	r = sd_bus_message_open_container(reply, 'a', "(ustttt)");
	for (size_t i = 0; r >= 0 && i < m->n_ana; i++) {
		const struct ana_group *g = &m->ana[i];

		if (str_equal(g->controller, c->o.name))
			r = sd_bus_message_append(reply, "(ustttt)", g->id, g->state,
						  g->since_usec, g->begin_usec,
						  g->end_usec, g->deadline_usec);
	}
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

/* Read when asked for: what nobody looks at costs nothing. */
GETTER(get_counter)
{
	static const struct {
		const char *property;
		const char *attr;
	} counters[] = {
		{ "CommandErrors", "diag/command_error_count" },
		{ "Resets", "diag/reset_count" },
		{ "Reconnects", "diag/reconnect_count" },
	};
	int64_t v = UNKNOWN_NUMBER;

	(void) path, (void) interface, (void) error;
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++)
		if (str_equal(counters[i].property, property))
			v = controller_read_counter(bus_of(bus)->m->root_fd,
						    userdata, counters[i].attr);
	return sd_bus_message_append(reply, "x", v);
}

GETTER(get_loss)
{
	static const struct {
		const char *property;
		enum loss_setting setting;
	} settings[] = {
		{ "CtrlLossTmoSec", LOSS_CTRL_LOSS_TMO },
		{ "FastIoFailTmoSec", LOSS_FAST_IO_FAIL_TMO },
		{ "ReconnectDelaySec", LOSS_RECONNECT_DELAY },
	};
	struct loss_object o = loss_controller(userdata);
	char word[WORD_SIZE] = "";

	(void) path, (void) interface, (void) error;
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (str_equal(settings[i].property, property))
			loss_read_one(bus_of(bus)->m->root_fd, &o,
				      settings[i].setting, word);
	return sd_bus_message_append(reply, "x", loss_seconds(word));
}

static const char *name_of(void *userdata)
{
	return ((const struct controller *) userdata)->o.name;
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
	SD_BUS_PROPERTY(name, "s", get_text, offsetof(struct controller, member), flags)
#define CHANGES SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define CONSTANT SD_BUS_VTABLE_PROPERTY_CONST
#define ANYBODY SD_BUS_VTABLE_UNPRIVILEGED	/* auth_check() decides */

const sd_bus_vtable controller_vtable[] = {
	SD_BUS_VTABLE_START(0),
	TEXT("Name", o.name, CONSTANT),
	SD_BUS_PROPERTY("Subsystem", "o", get_subsystem, 0, CHANGES),
	TEXT("Transport", transport, CHANGES),
	TEXT("Address", address, CHANGES),
	TEXT("TrAddr", traddr, CHANGES),
	TEXT("TrSvcId", trsvcid, CHANGES),
	TEXT("HostTrAddr", host_traddr, CHANGES),
	TEXT("HostIface", host_iface, CHANGES),
	TEXT("State", state, CHANGES),
	SD_BUS_PROPERTY("CntlId", "x", get_s64, offsetof(struct controller, cntlid), CHANGES),
	SD_BUS_PROPERTY("NumaNode", "x", get_s64, offsetof(struct controller, numa_node), CHANGES),
	SD_BUS_PROPERTY("Paths", "ao", get_paths, 0, CHANGES),
	SD_BUS_PROPERTY("HasNamespaceManagement", "b", get_ns_management, 0, CHANGES),
	SD_BUS_PROPERTY("NamespaceManagementKnown", "b", get_ns_management, 0, CHANGES),
	SD_BUS_PROPERTY("AnaGroups", "a(ustttt)", get_ana_groups, 0, CHANGES),
	SD_BUS_PROPERTY("CtrlLossTmoSec", "x", get_loss, 0, 0),
	SD_BUS_PROPERTY("FastIoFailTmoSec", "x", get_loss, 0, 0),
	SD_BUS_PROPERTY("ReconnectDelaySec", "x", get_loss, 0, 0),
	SD_BUS_PROPERTY("CommandErrors", "x", get_counter, 0, 0),
	SD_BUS_PROPERTY("Resets", "x", get_counter, 0, 0),
	SD_BUS_PROPERTY("Reconnects", "x", get_counter, 0, 0),
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
