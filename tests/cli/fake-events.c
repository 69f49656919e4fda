/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "fake.h"

static int append_event(sd_bus_message *m, struct json_object *e)
{
	struct json_object *extra = get(e, "extra");
	int r;

	r = sd_bus_message_append(m, "tssssst", json_object_get_int64(get(e, "time_usec")),
				  text(get(e, "kind")), text(get(e, "object")),
				  text(get(e, "from")), text(get(e, "to")),
				  text(get(e, "reason")),
				  json_object_get_int64(get(e, "duration_usec")));
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "{ss}");
	if (extra) {
		json_object_object_foreach(extra, key, value)
			r = r < 0 ? r : sd_bus_message_append(m, "{ss}", key, text(value));
	}
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static bool is_asked_for(struct json_object *e, uint64_t since, uint64_t until, const char *object)
{
	uint64_t at = (uint64_t) json_object_get_int64(get(e, "time_usec"));

	return at >= since && (!until || at <= until) &&
	       (!*object || !strcmp(object, text(get(e, "object"))));
}

int answer_history(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	struct json_object *list = get(f->scenario, "events");
	size_t n = list ? json_object_array_length(list) : 0, first = 0, hits = 0;
	uint64_t since, until;
	const char *object;
	uint32_t max;
	int r;

	r = sd_bus_message_read(m, "ttsu", &since, &until, &object, &max);
	for (size_t i = 0; i < n; i++)
		hits += is_asked_for(json_object_array_get_idx(list, i), since, until, object);
	if (r >= 0)
		r = sd_bus_message_open_container(reply, 'a', "(tsssssta{ss})");
	for (size_t i = 0; i < n && r >= 0; i++) {
		struct json_object *e = json_object_array_get_idx(list, i);

		if (!is_asked_for(e, since, until, object) || (max && first++ + max < hits))
			continue;
		r = sd_bus_message_open_container(reply, 'r', "tsssssta{ss}");
		if (r >= 0)
			r = append_event(reply, e);
		if (r >= 0)
			r = sd_bus_message_close_container(reply);
	}
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int emit(struct fake *f, sd_bus *bus)
{
	struct json_object *list = get(f->scenario, "emit");
	size_t n = list ? json_object_array_length(list) : 0;
	int r = 0;

	for (size_t i = 0; i < n && r >= 0; i++) {
		__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;

		r = sd_bus_message_new_signal(bus, &m, NVMPATH_OBJ_ROOT, NVMPATH_IFACE_MANAGER,
					      "Event");
		if (r >= 0)
			r = append_event(m, json_object_array_get_idx(list, i));
		if (r >= 0)
			r = sd_bus_send(bus, m, NULL);
	}
	return r;
}

int answer_emit(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	(void) reply;
	return emit(f, sd_bus_message_get_bus(m));
}

/* Tells of a change of each removal, as nvmpathd does when one of its paths goes. */
int answer_touch(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	struct json_object *list = get(f->scenario, kind_info(KIND_REMOVAL)->json_list);
	size_t n = list ? json_object_array_length(list) : 0;
	int r = 0;

	(void) reply;
	for (size_t i = 0; i < n && r >= 0; i++) {
		__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *signal = NULL;
		const char *name = text(get(json_object_array_get_idx(list, i), "name"));
		_cleanup_free_ char *path = bus_path(KIND_REMOVAL, name);

		r = sd_bus_message_new_signal(sd_bus_message_get_bus(m), &signal, path,
					      "org.freedesktop.DBus.Properties",
					      "PropertiesChanged");
		if (r >= 0)
			r = sd_bus_message_append(signal, "sa{sv}as", NVMPATH_IFACE_REMOVAL, 0, 1,
						  "Held");
		if (r >= 0)
			r = sd_bus_send(NULL, signal, NULL);
	}
	return r;
}
