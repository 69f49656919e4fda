/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "json.h"

#include <stdio.h>
#include <string.h>

#include "props.h"

void json_add(struct json_object *o, const char *key, struct json_object *take_value)
{
	(void) json_object_object_add(o, key, take_value);
}

struct json_object *json_text(const char *text)
{
	return *text ? json_object_new_string(text) : NULL;
}

struct json_object *json_texts(char * const *list)
{
	struct json_object *a = json_object_new_array();

	for (; *list; list++)
		(void) json_object_array_add(a, json_object_new_string(*list));
	return a;
}

struct json_object *json_count(int64_t v)
{
	return v < 0 ? NULL : json_object_new_int64(v);
}

/* A time of 0 is none at all; other numbers are what they are. */
static struct json_object *from_u64(const char *key, uint64_t v)
{
	bool is_time = strstr(key, "_usec") != NULL;

	return is_time && !v ? NULL : json_object_new_uint64(v);
}

/* Never is a word: that number would not survive where numbers are doubles. */
static struct json_object *from_seconds(int64_t v)
{
	return v == NVMPATH_SEC_OFF ? json_object_new_string("off") : json_count(v);
}

static struct json_object *from_prop(const struct object *o, const struct prop *p)
{
	const void *at = (const char *) o + p->offset;

	switch (p->type) {
	case PROP_TEXT:
	case PROP_NAME:
		return json_text(*(char * const *) at);
	case PROP_TEXTS:
	case PROP_NAMES:
		return json_texts(*(char ** const *) at);
	case PROP_BOOL:
		return json_object_new_boolean(*(const bool *) at);
	case PROP_U32:
		return json_object_new_int64(*(const uint32_t *) at);
	case PROP_I32:
		return json_object_new_int(*(const int32_t *) at);
	case PROP_U64:
		return from_u64(p->key, *(const uint64_t *) at);
	case PROP_I64:
		return json_count(*(const int64_t *) at);
	case PROP_SECONDS:
		return from_seconds(*(const int64_t *) at);
	}
	return NULL;
}

struct json_object *json_new_document(void)
{
	struct json_object *o = json_object_new_object();

	json_add(o, "schema", json_object_new_int(JSON_SCHEMA));
	return o;
}

struct json_object *json_from_object(const struct object *o)
{
	const struct kind_info *info = kind_info(o->kind);
	struct json_object *j = json_object_new_object();

	if (o->kind != KIND_MANAGER)
		json_add(j, "name", json_text(o->name));
	for (size_t i = 0; i < info->n_props; i++)
		json_add(j, info->props[i].key, from_prop(o, &info->props[i]));
	return j;
}

struct json_object *json_from_counters(const struct object *o)
{
	const struct kind_info *info = kind_info(o->kind);
	struct json_object *j = json_object_new_object();

	json_add(j, "name", json_text(o->name));
	for (size_t i = 0; i < info->n_props; i++)
		if (info->props[i].counter)
			json_add(j, info->props[i].key, from_prop(o, &info->props[i]));
	return j;
}

void json_add_list(struct json_object *doc, const struct model *m, enum object_kind kind)
{
	struct json_object *a = json_object_new_array();

	for (size_t i = 0; i < m->lists[kind].n; i++)
		(void) json_object_array_add(a, json_from_object(m->lists[kind].objects[i]));
	json_add(doc, kind_info(kind)->json_list, a);
}

void json_print(struct json_object *take_doc, enum json_mode mode)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	if (mode == JSON_PRETTY)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	(void) puts(json_object_to_json_string_ext(take_doc, flags));
	json_object_put(take_doc);
}
