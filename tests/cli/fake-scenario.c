/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "fake.h"

struct json_object *get(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	if (o)
		(void) json_object_object_get_ex(o, key, &v);
	return v;
}

const char *text(struct json_object *v)
{
	return v ? json_object_get_string(v) : "";
}

struct json_object *find_object(struct fake *f, enum object_kind kind, const char *name)
{
	struct json_object *list = get(f->scenario, kind_info(kind)->json_list);
	size_t n = list ? json_object_array_length(list) : 0;

	for (size_t i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (!strcmp(text(get(o, "name")), name))
			return o;
	}
	return NULL;
}

void take_step(struct fake *f, const char *name, struct json_object *removal)
{
	struct json_object *steps = get(get(f->scenario, "steps"), name);

	if (!steps || !json_object_array_length(steps))
		return;
	json_object_object_foreach(json_object_array_get_idx(steps, 0), key, value)
		(void) json_object_object_add(removal, key, json_object_get(value));
	(void) json_object_array_del_idx(steps, 0, 1);
}

void cancel(struct fake *f, const char *name)
{
	struct json_object *steps = get(get(f->scenario, "cancelled"), name);

	if (steps)
		(void) json_object_object_add(get(f->scenario, "steps"), name,
					      json_object_get(steps));
}

char *bus_path(enum object_kind kind, const char *name)
{
	char *path = NULL;

	if (kind < 0 || !*name)
		return strdup("/");
	if (sd_bus_path_encode(kind_info(kind)->prefix, name, &path) < 0)
		return NULL;
	return path;
}

char *object_name(sd_bus_message *m)
{
	const char *path = sd_bus_message_get_path(m);
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *prefix = strndup(path, (size_t) (slash - path));
	char *name = NULL;

	if (sd_bus_path_decode(path, prefix, &name) <= 0)
		return strdup("");
	return name;
}

char *method_key(sd_bus_message *m)
{
	_cleanup_free_ char *name = object_name(m);
	const char *target = name;
	char *key;

	if (!strcmp(sd_bus_message_get_path(m), NVMPATH_OBJ_ROOT) &&
	    sd_bus_message_read_basic(m, 's', &target) < 0)
		return NULL;
	return asprintf(&key, "%s.%s", target, sd_bus_message_get_member(m)) < 0 ? NULL : key;
}
