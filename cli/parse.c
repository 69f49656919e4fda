/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "parse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "props.h"
#include "util.h"

char *parse_object_name(const char *bus_path)
{
	const char *slash = strrchr(bus_path, '/');
	_cleanup_free_ char *prefix = NULL;
	char *name;

	if (!slash || slash == bus_path)
		return strdup("");
	prefix = strndup(bus_path, (size_t) (slash - bus_path));
	if (!prefix)
		return NULL;
	if (sd_bus_path_decode(bus_path, prefix, &name) <= 0)
		return strdup(slash + 1);
	return name;
}

static int read_text(sd_bus_message *m, enum prop_type type, char **at)
{
	const char *text;
	int r;

	r = sd_bus_message_read_basic(m, type == PROP_NAME ? 'o' : 's', &text);
	if (r < 0)
		return r;
	return prop_set_text(at, type == PROP_NAME ? parse_object_name(text) : strdup(text));
}

static int append(char ***list, size_t *n, char *take_text)
{
	char **more;

	if (!take_text)
		return -ENOMEM;
	more = reallocarray(*list, *n + 2, sizeof(*more));
	if (!more) {
		free(take_text);
		return -ENOMEM;
	}
	more[(*n)++] = take_text;
	more[*n] = NULL;
	*list = more;
	return 0;
}

static int append_texts(sd_bus_message *m, bool names, char ***list)
{
	const char *text;
	size_t n = 0;
	int r;

	r = sd_bus_message_enter_container(m, 'a', names ? "o" : "s");
	if (r < 0)
		return r;
	while ((r = sd_bus_message_read_basic(m, names ? 'o' : 's', &text)) > 0) {
		r = append(list, &n, names ? parse_object_name(text) : strdup(text));
		if (r < 0)
			return r;
	}
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int read_texts(sd_bus_message *m, enum prop_type type, char ***at)
{
	char **list = calloc(1, sizeof(*list));
	int r;

	r = list ? append_texts(m, type == PROP_NAMES, &list) : -ENOMEM;
	if (r >= 0)
		return prop_set_texts(at, list);
	for (char **t = list; t && *t; t++)
		free(*t);
	free(list);
	return r;
}

static int read_bool(sd_bus_message *m, bool *at)
{
	int value, r;

	r = sd_bus_message_read_basic(m, 'b', &value);
	if (r >= 0)
		*at = value;
	return r;
}

static int read_value(sd_bus_message *m, enum prop_type type, void *at)
{
	if (prop_is_text(type))
		return read_text(m, type, at);
	if (prop_is_list(type))
		return read_texts(m, type, at);
	if (type == PROP_BOOL)
		return read_bool(m, at);
	return sd_bus_message_read_basic(m, *prop_signature(type), at);
}

static int read_variant(sd_bus_message *m, struct object *o, const char *member)
{
	const struct prop *p = prop_find(kind_info(o->kind), member);
	const char *contents;
	char type;
	int r;

	r = sd_bus_message_peek_type(m, &type, &contents);
	if (r < 0)
		return r;
	if (!p || type != 'v' || strcmp(contents, prop_signature(p->type)))
		return sd_bus_message_skip(m, "v");
	r = sd_bus_message_enter_container(m, 'v', contents);
	if (r < 0)
		return r;
	r = read_value(m, p->type, (char *) o + p->offset);
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

int parse_entries(sd_bus_message *m, const char *contents, parse_entry_fn fn, void *userdata)
{
	_cleanup_free_ char *array = NULL;
	int r;

	if (asprintf(&array, "{%s}", contents) < 0)
		return -ENOMEM;
	r = sd_bus_message_enter_container(m, 'a', array);
	if (r < 0)
		return r;
	while ((r = sd_bus_message_enter_container(m, 'e', contents)) > 0) {
		r = fn(m, userdata);
		if (r >= 0)
			r = sd_bus_message_exit_container(m);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int read_property(sd_bus_message *m, void *userdata)
{
	const char *member;
	int r;

	r = sd_bus_message_read_basic(m, 's', &member);
	return r < 0 ? r : read_variant(m, userdata, member);
}

int parse_properties(sd_bus_message *m, struct object *o)
{
	return parse_entries(m, "sv", read_property, o);
}

/* Names it, reads its properties and gives it to the model. */
static int read_object(sd_bus_message *m, enum object_kind kind, const char *bus_path,
		       struct model *model)
{
	struct object *o = object_new(kind);
	int r;

	if (!o)
		return -ENOMEM;
	o->name = parse_object_name(bus_path);
	r = o->name ? parse_properties(m, o) : -ENOMEM;
	if (r < 0) {
		(void) object_free(o);
		return r;
	}
	return model_add(model, o);
}

struct reading {
	struct model *model;
	const char *bus_path;	/* of the object being read */
};

static int read_interface(sd_bus_message *m, void *userdata)
{
	const struct reading *reading = userdata;
	enum object_kind kind;
	const char *interface;
	int r;

	r = sd_bus_message_read_basic(m, 's', &interface);
	if (r < 0)
		return r;
	kind = kind_from_interface(interface);
	if (kind < 0 || kind == KIND_MANAGER)
		return sd_bus_message_skip(m, "a{sv}");
	return read_object(m, kind, reading->bus_path, reading->model);
}

static int read_interfaces(sd_bus_message *m, void *userdata)
{
	struct reading *reading = userdata;
	int r;

	r = sd_bus_message_read_basic(m, 'o', &reading->bus_path);
	return r < 0 ? r : parse_entries(m, "sa{sv}", read_interface, reading);
}

int parse_managed_objects(sd_bus_message *m, struct model *model)
{
	struct reading reading = { .model = model };
	int r;

	r = parse_entries(m, "oa{sa{sv}}", read_interfaces, &reading);
	return r < 0 ? r : model_finish(model);
}
