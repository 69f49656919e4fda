/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "base/str.h"
#include "object.h"

#define GETTER(name) \
	static int name(sd_bus *bus, const char *path, const char *interface, \
			const char *property, sd_bus_message *reply, \
			void *userdata, sd_bus_error *error)

GETTER(get_word)
{
	const struct job *j = userdata;
	char owner[32];

	(void) bus, (void) path, (void) interface, (void) error;
	if (str_equal(property, "Kind"))
		return sd_bus_message_append(reply, "s",
					     removal_kind_to_string(j->machine.kind));
	if (str_equal(property, "ObjectKind"))
		return sd_bus_message_append(reply, "s",
					     object_kind_to_string(j->object_kind));
	if (str_equal(property, "State"))
		return sd_bus_message_append(reply, "s",
					     removal_state_to_string(j->machine.state));
	(void) snprintf(owner, sizeof(owner), "uid %" PRIu32, j->uid);
	return sd_bus_message_append(reply, "s", owner);
}

GETTER(get_paths)
{
	const struct job *j = userdata;
	int r;

	(void) bus, (void) path, (void) interface, (void) property, (void) error;
	r = sd_bus_message_open_container(reply, 'a', "s");
	for (size_t i = 0; r >= 0 && i < j->n_targets; i++)
		r = sd_bus_message_append(reply, "s", j->targets[i].path.o.name);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

GETTER(get_controllers)
{
	const struct job *j = userdata;
	int r;

	(void) bus, (void) path, (void) interface, (void) property, (void) error;
	r = sd_bus_message_open_container(reply, 'a', "s");
	for (size_t i = 0; r >= 0 && i < j->n_members; i++)
		r = sd_bus_message_append(reply, "s",
					  j->members[i].controller.o.name);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

GETTER(get_namespaces)
{
	const struct job *j = userdata;
	int r;

	(void) bus, (void) path, (void) interface, (void) property, (void) error;
	r = sd_bus_message_open_container(reply, 'a', "s");
	for (size_t i = 0; r >= 0 && i < j->heads.n; i++)
		r = sd_bus_message_append(reply, "s", j->heads.v[i]);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

GETTER(get_held)
{
	(void) bus, (void) path, (void) interface, (void) property, (void) error;
	return sd_bus_message_append(reply, "u", (uint32_t) job_held(userdata));
}

GETTER(get_errno)
{
	const struct job *j = userdata;

	(void) bus, (void) path, (void) interface, (void) property, (void) error;
	return sd_bus_message_append(reply, "i", j->machine.error);
}

GETTER(get_can_restore)
{
	(void) bus, (void) path, (void) interface, (void) property, (void) error;
	return sd_bus_message_append(reply, "b", (int) job_can_restore(userdata));
}

typedef int (*ask_func_t)(struct job *j, char message[MESSAGE_SIZE]);

static int serve(sd_bus_message *m, struct job *j, ask_func_t ask,
		 sd_bus_error *error)
{
	char message[MESSAGE_SIZE] = "";
	uint64_t flags;
	uint32_t uid;
	int r;

	r = verb_flags(m, 0, &flags, error);
	if (r >= 0)
		r = auth_check_removal(m, j, &uid, error);
	if (r)
		return r;
	r = ask(j, message);
	if (r < 0)
		return bus_error(error, r, message[0] ? message : strerror(-r));
	return sd_bus_reply_method_return(m, NULL);
}

static int on_restore(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return serve(m, userdata, job_restore, error);
}

static int on_cancel(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return serve(m, userdata, job_cancel, error);
}

#define TEXT(name, member, flags) \
	SD_BUS_PROPERTY(name, "s", get_text, offsetof(struct job, member), flags)
#define TIME(name, member, flags) \
	SD_BUS_PROPERTY(name, "t", get_u64, offsetof(struct job, member), flags)
#define CHANGES SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define CONSTANT SD_BUS_VTABLE_PROPERTY_CONST
#define ANYBODY SD_BUS_VTABLE_UNPRIVILEGED	/* auth_check() decides */

const sd_bus_vtable removal_vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("Id", "u", get_u32, offsetof(struct job, id), CONSTANT),
	SD_BUS_PROPERTY("Kind", "s", get_word, 0, CONSTANT),
	TEXT("Object", object, CONSTANT),
	SD_BUS_PROPERTY("ObjectKind", "s", get_word, 0, CONSTANT),
	TEXT("Reason", reason, CONSTANT),
	SD_BUS_PROPERTY("Owner", "s", get_word, 0, CONSTANT),
	SD_BUS_PROPERTY("State", "s", get_word, 0, CHANGES),
	SD_BUS_PROPERTY("Controllers", "as", get_controllers, 0, CHANGES),
	SD_BUS_PROPERTY("Paths", "as", get_paths, 0, CHANGES),
	SD_BUS_PROPERTY("Namespaces", "as", get_namespaces, 0, CHANGES),
	SD_BUS_PROPERTY("Forced", "b", get_bool, offsetof(struct job, forced), CONSTANT),
	SD_BUS_PROPERTY("Held", "u", get_held, 0, CHANGES),
	SD_BUS_PROPERTY("InFlight", "x", get_s64, offsetof(struct job, drain.inflight), CHANGES),
	SD_BUS_PROPERTY("InFlightPeak", "x", get_s64, offsetof(struct job, drain.peak), CHANGES),
	TIME("StartedUSec", started_usec, CONSTANT),
	TIME("FinishedUSec", finished_usec, CHANGES),
	TIME("DeadlineUSec", deadline_usec, CHANGES),
	TEXT("Detail", detail, CHANGES),
	SD_BUS_PROPERTY("Errno", "i", get_errno, 0, CHANGES),
	SD_BUS_PROPERTY("CanRestore", "b", get_can_restore, 0, CHANGES),
	SD_BUS_METHOD_WITH_ARGS("Restore", SD_BUS_ARGS("t", flags),
				SD_BUS_NO_RESULT, on_restore, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Cancel", SD_BUS_ARGS("t", flags),
				SD_BUS_NO_RESULT, on_cancel, ANYBODY),
	SD_BUS_VTABLE_END
};
