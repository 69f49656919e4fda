/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "auth.h"
#include "base/log.h"
#include "base/str.h"
#include "bulk.h"
#include "object.h"
#include "policy/config.h"
#include "policy/watch.h"
#include "target.h"

#define GETTER(name) \
	static int name(sd_bus *bus, const char *path, const char *interface, \
			const char *property, sd_bus_message *reply, \
			void *userdata, sd_bus_error *error)

GETTER(get_word)
{
	const struct bus *b = userdata;

	(void) bus, (void) path, (void) interface, (void) error;
	if (str_equal(property, "Version"))
		return sd_bus_message_append(reply, "s", NVMPATH_VERSION);
	if (str_equal(property, "Protection"))
		return sd_bus_message_append(reply, "s", manager_protection(b->m));
	if (str_equal(property, "Helper"))
		return sd_bus_message_append(reply, "s",
					     helper_state_to_string(manager_helper(b->m)));
	return sd_bus_message_append(reply, "s", b->m->kernel_release);
}

/* Both lists are empty while there is no path that could be looked at. */
GETTER(get_features)
{
	const struct bus *b = userdata;
	bool found = str_equal(property, "KernelFeatures");
	int r;

	(void) bus, (void) path, (void) interface, (void) error;
	r = sd_bus_message_open_container(reply, 'a', "s");
	for (int f = 0; r >= 0 && b->m->now->n_paths && f < _FEATURE_MAX; f++)
		if (!(b->m->features & FEATURE_BIT(f)) != found)
			r = sd_bus_message_append(reply, "s",
						  feature_to_string((enum feature) f));
	/* an attribute of the controllers says so, or the first event */
	if (r >= 0 && found && b->m->watch && watch_kernel_tells(b->m->watch))
		r = sd_bus_message_append(reply, "s", "uevents");
	if (r >= 0 && found && b->m->now->n_paths && manager_modules_alone(b->m))
		r = sd_bus_message_append(reply, "s", "modules_alone");
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

GETTER(get_sources)
{
	const struct bus *b = userdata;
	const char *names[WATCH_SOURCES_MAX];
	size_t n = b->m->watch ? watch_sources(b->m->watch, names) : 0;
	int r;

	(void) bus, (void) path, (void) interface, (void) property, (void) error;
	r = sd_bus_message_open_container(reply, 'a', "s");
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = sd_bus_message_append(reply, "s", names[i]);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static void on_reloaded(void *userdata, int result, const char *message)
{
	sd_bus_message *call = userdata;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r;

	if (result >= 0) {
		r = sd_bus_reply_method_return(call, NULL);
	} else {
		(void) bus_error(&error, result, message);
		r = sd_bus_reply_method_error(call, &error);
		sd_bus_error_free(&error);
	}
	if (r < 0)
		(void) log_warning_errno(r, "Failed to answer, ignoring: %m");
	sd_bus_message_unref(call);
}

static int on_reload(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus *b = userdata;
	uint32_t uid;
	int r = auth_check(m, AUTH_OBSERVE, false, "", &uid, error);

	if (r)
		return r;
	if (config_is_full(b->m))
		return bus_error(error, -EBUSY, "too many ask for that: try again");
	r = config_reload(b->m, on_reloaded, sd_bus_message_ref(m));
	if (r < 0) {
		sd_bus_message_unref(m);
		return bus_error(error, r, "reading the configuration failed");
	}
	return 1;	/* answered later */
}

#define CHANGES SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE
#define CONSTANT SD_BUS_VTABLE_PROPERTY_CONST
#define ANYBODY SD_BUS_VTABLE_UNPRIVILEGED	/* auth_check() decides */

const sd_bus_vtable manager_vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("Version", "s", get_word, 0, CONSTANT),
	SD_BUS_PROPERTY("KernelRelease", "s", get_word, 0, CONSTANT),
	SD_BUS_PROPERTY("KernelFeatures", "as", get_features, 0, CHANGES),
	SD_BUS_PROPERTY("KernelMissing", "as", get_features, 0, CHANGES),
	SD_BUS_PROPERTY("EventSources", "as", get_sources, 0, CHANGES),
	SD_BUS_PROPERTY("Protection", "s", get_word, 0, CHANGES),
	SD_BUS_PROPERTY("Helper", "s", get_word, 0, CHANGES),
	SD_BUS_METHOD_WITH_ARGS("GetManagedObjectsAsFile", SD_BUS_ARGS("t", flags),
				SD_BUS_RESULT("h", file), on_bulk, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD_WITH_ARGS("History",
				SD_BUS_ARGS("t", since_usec, "t", until_usec, "s", object,
					    "u", max, "t", flags),
				SD_BUS_RESULT("a(tsssssta{ss})", events), on_history,
				SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_SIGNAL_WITH_ARGS("Event",
				SD_BUS_ARGS("t", when_usec, "s", kind, "s", object, "s", from,
					    "s", to, "s", reason, "t", duration_usec,
					    "a{ss}", extra), 0),
	SD_BUS_METHOD_WITH_ARGS("Plan", SD_BUS_ARGS("s", target, "t", flags),
				SD_BUS_RESULT("a{sv}", facts, "a(ouuuus)", namespaces),
				target_plan, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Hold",
				SD_BUS_ARGS("s", target, "s", reason, "t", ttl_usec,
					    "t", flags),
				SD_BUS_NO_RESULT, target_hold, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Release", SD_BUS_ARGS("s", target, "t", flags),
				SD_BUS_NO_RESULT, target_release, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Drain",
				SD_BUS_ARGS("s", target, "t", timeout_usec, "s", reason,
					    "t", flags),
				SD_BUS_RESULT("o", removal), target_drain, ANYBODY),
	SD_BUS_METHOD_WITH_ARGS("Remove",
				SD_BUS_ARGS("s", target, "t", timeout_usec, "s", reason,
					    "t", flags),
				SD_BUS_RESULT("o", removal), target_remove, ANYBODY),
	SD_BUS_METHOD("Reload", NULL, NULL, on_reload, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END
};
