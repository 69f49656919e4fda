/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON of what the bus says. Every document is an object with "schema": 1;
 * unknown numbers, empty texts and times that never were are null. Keys are only ever added.
 */
#ifndef NVMPATH_CLI_JSON_H
#define NVMPATH_CLI_JSON_H

#include <json-c/json.h>

#include "args.h"
#include "model.h"

#define JSON_SCHEMA 1

struct json_object *json_new_document(void);

/* All properties of an object, its name first. */
struct json_object *json_from_object(const struct object *o);

/* The counters of an object alone. */
struct json_object *json_from_counters(const struct object *o);

/* Adds a kind's objects as an array under the kind's plural. */
void json_add_list(struct json_object *doc, const struct model *m, enum object_kind kind);

void json_add(struct json_object *o, const char *key, struct json_object *take_value);
/* null for "" */
struct json_object *json_text(const char *text);

/* null for what is unknown, below 0 */
struct json_object *json_count(int64_t value);
struct json_object *json_texts(char * const *list);

/* Prints and frees. */
void json_print(struct json_object *take_doc, enum json_mode mode);

#endif
