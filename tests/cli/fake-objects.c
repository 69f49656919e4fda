/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "fake.h"

/* What an object-valued property points at follows from its key. */
static enum object_kind kind_from_key(const char *key)
{
	for (int k = 0; k < KIND_MANAGER; k++) {
		const char *word = object_kind_to_string((enum object_kind) k);

		if (!strncmp(word, key, strlen(word)))
			return (enum object_kind) k;
	}
	return _KIND_INVALID;
}

static int append_name(sd_bus_message *m, const struct prop *p, struct json_object *v)
{
	_cleanup_free_ char *path = bus_path(kind_from_key(p->key), text(v));

	return sd_bus_message_append_basic(m, 'o', path);
}

static int append_array(sd_bus_message *m, const struct prop *p, struct json_object *v)
{
	bool names = p->type == PROP_NAMES;
	size_t n = v ? json_object_array_length(v) : 0;
	int r;

	r = sd_bus_message_open_container(m, 'a', names ? "o" : "s");
	for (size_t i = 0; i < n && r >= 0; i++) {
		struct json_object *at = json_object_array_get_idx(v, i);

		r = names ? append_name(m, p, at) :
			    sd_bus_message_append_basic(m, 's', text(at));
	}
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static int append_value(sd_bus_message *m, const struct prop *p, struct json_object *v)
{
	int64_t number = json_object_get_int64(v);
	int32_t number32 = (int32_t) number;
	int boolean = json_object_get_boolean(v);

	switch (p->type) {
	case PROP_TEXT:
		return sd_bus_message_append_basic(m, 's', text(v));
	case PROP_NAME:
		return append_name(m, p, v);
	case PROP_TEXTS:
	case PROP_NAMES:
		return append_array(m, p, v);
	case PROP_BOOL:
		return sd_bus_message_append_basic(m, 'b', &boolean);
	case PROP_U32:
		return sd_bus_message_append_basic(m, 'u', &number32);
	case PROP_I32:
		return sd_bus_message_append_basic(m, 'i', &number32);
	case PROP_U64:
		return sd_bus_message_append_basic(m, 't', &number);
	case PROP_I64:
		number = v ? number : COUNTER_UNKNOWN;
		return sd_bus_message_append_basic(m, 'x', &number);
	case PROP_SECONDS:
		number = !v ? COUNTER_UNKNOWN : !strcmp(text(v), "off") ? NVMPATH_SEC_OFF : number;
		return sd_bus_message_append_basic(m, 'x', &number);
	}
	return -EINVAL;
}

static int append_properties(sd_bus_message *m, enum object_kind kind, struct json_object *o)
{
	const struct kind_info *info = kind_info(kind);
	int r;

	r = sd_bus_message_open_container(m, 'a', "{sv}");
	for (size_t i = 0; i < info->n_props && r >= 0; i++) {
		const struct prop *p = &info->props[i];

		r = sd_bus_message_open_container(m, 'e', "sv");
		if (r >= 0)
			r = sd_bus_message_append_basic(m, 's', p->member);
		if (r >= 0)
			r = sd_bus_message_open_container(m, 'v', prop_signature(p->type));
		if (r >= 0)
			r = append_value(m, p, get(o, p->key));
		if (r >= 0)
			r = sd_bus_message_close_container(m);
		if (r >= 0)
			r = sd_bus_message_close_container(m);
	}
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static int append_object(sd_bus_message *m, enum object_kind kind, struct json_object *o)
{
	_cleanup_free_ char *path = bus_path(kind, text(get(o, "name")));
	int r;

	r = sd_bus_message_open_container(m, 'e', "oa{sa{sv}}");
	if (r >= 0)
		r = sd_bus_message_append_basic(m, 'o', path);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "{sa{sv}}");
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'e', "sa{sv}");
	if (r >= 0)
		r = sd_bus_message_append_basic(m, 's', kind_info(kind)->interface);
	if (r >= 0)
		r = append_properties(m, kind, o);
	for (int i = 0; i < 3 && r >= 0; i++)
		r = sd_bus_message_close_container(m);
	return r;
}

int answer_objects(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	int r;

	(void) m;
	r = sd_bus_message_open_container(reply, 'a', "{oa{sa{sv}}}");
	for (int k = 0; k < KIND_MANAGER && r >= 0; k++) {
		enum object_kind kind = (enum object_kind) k;
		struct json_object *list = get(f->scenario, kind_info(kind)->json_list);
		size_t n = list ? json_object_array_length(list) : 0;

		for (size_t i = 0; i < n && r >= 0; i++)
			r = append_object(reply, kind, json_object_array_get_idx(list, i));
	}
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

int answer_properties(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	_cleanup_free_ char *name = object_name(m);
	struct json_object *o;
	const char *interface;
	enum object_kind kind;
	int r;

	r = sd_bus_message_read_basic(m, 's', &interface);
	if (r < 0)
		return r;
	kind = kind_from_interface(interface);
	if (kind < 0)
		return -EINVAL;
	if (kind == KIND_MANAGER)
		return append_properties(reply, kind, get(f->scenario, "manager"));
	o = find_object(f, kind, name);
	if (kind == KIND_REMOVAL && o)
		take_step(f, name, o);
	return append_properties(reply, kind, o);
}
