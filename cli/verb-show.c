/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "describe.h"
#include "json.h"
#include "output.h"
#include "props.h"
#include "say.h"
#include "target.h"
#include "text.h"
#include "verbs.h"

#define LABEL_WIDTH 26

static void fact(const char *label, const char *value)
{
	say("%*s: %s", LABEL_WIDTH, label, text_or_dash(value));
}

/* "hold_since_usec" -> "hold since": a value is printed with its own unit. */
static void label_from_key(char *buf, size_t size, const char *key)
{
	char *tail;

	if (!strcmp(key, "last_change_usec"))
		key = "last_changed";
	(void) snprintf(buf, size, "%s", key);
	tail = strstr(buf, "_usec") ?: strstr(buf, "_bytes") ?: strstr(buf, "_sec");
	if (tail)
		*tail = '\0';
	for (char *at = buf; *at; at++)
		if (*at == '_')
			*at = ' ';
}

static void fact_list(const char *label, char * const *list)
{
	if (!*list)
		fact(label, "");
	for (size_t i = 0; list[i]; i++)
		say("%*s%c %s", LABEL_WIDTH, i ? "" : label, i ? ' ' : ':', list[i]);
}

static void fact_u64(const char *label, const char *key, uint64_t value)
{
	char buf[TEXT_MAX];

	if (strstr(key, "_usec"))
		(void) text_time(buf, value);
	else if (strstr(key, "_bytes"))
		(void) text_size(buf, value);
	else
		(void) snprintf(buf, sizeof(buf), "%" PRIu64, value);
	fact(label, buf);
}

static void fact_prop(const struct object *o, const struct prop *p)
{
	const void *at = (const char *) o + p->offset;
	char label[64], buf[TEXT_MAX];

	label_from_key(label, sizeof(label), p->key);
	switch (p->type) {
	case PROP_TEXT:
	case PROP_NAME:
		fact(label, *(char * const *) at);
		return;
	case PROP_TEXTS:
	case PROP_NAMES:
		fact_list(label, *(char ** const *) at);
		return;
	case PROP_BOOL:
		fact(label, *(const bool *) at ? "yes" : "no");
		return;
	case PROP_U32:
		fact_u64(label, p->key, *(const uint32_t *) at);
		return;
	case PROP_I32:
		fact(label, *(const int32_t *) at ? strerror(abs(*(const int32_t *) at)) : "");
		return;
	case PROP_U64:
		fact_u64(label, p->key, *(const uint64_t *) at);
		return;
	case PROP_I64:
		fact(label, text_counter(buf, *(const int64_t *) at));
		return;
	case PROP_SECONDS:
		fact(label, text_seconds(buf, *(const int64_t *) at));
		return;
	}
}

/* Each reason that keeps the path out of use, or why it is only a standby. */
static void explain_path(const struct model *m, const struct path *p)
{
	_cleanup_free_ char *condition = path_condition(m, p, now_realtime_usec());
	_cleanup_free_ char *words = strdup(p->path_state);
	char *save = NULL;

	fact("condition", condition ?: "");
	if (path_is_standby(m, p))
		fact("why", "an optimized path of the namespace is usable and goes first");
	for (char *w = words ? strtok_r(words, " ", &save) : NULL; w && !p->usable;
	     w = strtok_r(NULL, " ", &save))
		fact("why", reason_sentence(w));
	if (!p->usable && !strcmp(p->admin_state, "hold") && !*p->removal)
		say("%*s: nvmpathctl release %s", LABEL_WIDTH, "remedy", p->object.name);
}

static void explain_paths(const struct model *m, char * const *names)
{
	for (; *names; names++) {
		const struct path *p = model_path(m, *names);
		_cleanup_free_ char *condition =
			p ? path_condition(m, p, now_realtime_usec()) : NULL;

		say("%*s: %s", LABEL_WIDTH, *names, condition ?: "-");
	}
}

static void explain(const struct model *m, const struct object *o)
{
	switch (o->kind) {
	case KIND_PATH:
		explain_path(m, (const struct path *) o);
		return;
	case KIND_CONTROLLER:
		explain_paths(m, ((const struct controller *) o)->paths);
		return;
	case KIND_NAMESPACE:
		fact("verdict", health_to_string(namespace_health(
			(const struct namespace *) o)));
		explain_paths(m, ((const struct namespace *) o)->paths);
		return;
	case KIND_SUBSYSTEM:
		fact("verdict", health_to_string(subsystem_health(m,
			(const struct subsystem *) o)));
		return;
	case KIND_REMOVAL:
	case KIND_MANAGER:
	case _KIND_MAX:
	case _KIND_INVALID:
		return;
	}
}

static void print_facts(const struct model *m, const struct object *o)
{
	const struct kind_info *info = kind_info(o->kind);

	fact(object_kind_to_string(o->kind), o->name);
	for (size_t i = 0; i < info->n_props; i++)
		fact_prop(o, &info->props[i]);
	explain(m, o);
}

static void print_json(const struct context *c, const struct object *o)
{
	struct json_object *doc = json_new_document();

	json_add(doc, "kind", json_object_new_string(object_kind_to_string(o->kind)));
	json_add(doc, object_kind_to_string(o->kind), json_from_object(o));
	json_print(doc, c->args->json);
}

enum nvmpath_exit verb_show(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	const struct object *o;
	enum nvmpath_exit code;

	code = bus_read_model(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK)
		code = target_any(&m, object, &o);
	if (code != NVMPATH_EXIT_OK)
		return code;
	if (c->args->json)
		print_json(c, o);
	else
		print_facts(&m, o);
	return NVMPATH_EXIT_OK;
}
