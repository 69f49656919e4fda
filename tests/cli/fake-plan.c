/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake.h"

static int append_fact(sd_bus_message *m, const char *key, struct json_object *v)
{
	size_t n = json_object_is_type(v, json_type_array) ? json_object_array_length(v) : 0;
	int r;

	if (json_object_is_type(v, json_type_string))
		return sd_bus_message_append(m, "{sv}", key, "s", text(v));
	if (json_object_is_type(v, json_type_boolean))
		return sd_bus_message_append(m, "{sv}", key, "b", json_object_get_boolean(v));
	r = sd_bus_message_open_container(m, 'e', "sv");
	if (r >= 0)
		r = sd_bus_message_append_basic(m, 's', key);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'v', "as");
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "s");
	for (size_t i = 0; i < n && r >= 0; i++)
		r = sd_bus_message_append_basic(m, 's', text(json_object_array_get_idx(v, i)));
	for (int i = 0; i < 3 && r >= 0; i++)
		r = sd_bus_message_close_container(m);
	return r;
}

static int append_plan(sd_bus_message *m, struct json_object *plan)
{
	struct json_object *list = get(plan, "namespaces");
	size_t n = list ? json_object_array_length(list) : 0;
	int r = sd_bus_message_open_container(m, 'a', "{sv}");

	json_object_object_foreach(get(plan, "facts"), key, value)
		r = r < 0 ? r : append_fact(m, key, value);
	if (r >= 0)
		r = sd_bus_message_close_container(m);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "(ouuuus)");
	for (size_t i = 0; i < n && r >= 0; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);
		_cleanup_free_ char *path = bus_path(KIND_NAMESPACE, text(get(o, "name")));

		r = sd_bus_message_append(m, "(ouuuus)", path,
					  json_object_get_int(get(o, "usable_now")),
					  json_object_get_int(get(o, "usable_left")),
					  json_object_get_int(get(o, "optimized_left")),
					  json_object_get_int(get(o, "ports_left")),
					  text(get(o, "verdict")));
	}
	return r < 0 ? r : sd_bus_message_close_container(m);
}

int answer_plan(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	_cleanup_free_ char *key = method_key(m);

	return append_plan(reply, key ? get(get(f->scenario, "methods"), key) : NULL);
}
