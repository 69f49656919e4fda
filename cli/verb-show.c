/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "bus.h"
#include "describe.h"
#include "event.h"
#include "json.h"
#include "output.h"
#include "props.h"
#include "say.h"
#include "target.h"
#include "text.h"
#include "verbs.h"

#define LABEL_WIDTH 26
/* Unless -n says otherwise. */
#define EVENTS_SHOWN 5

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

static void explain_path(const struct model *m, const struct path *p)
{
	_cleanup_free_ char *condition = path_condition(m, p, now_realtime_usec());

	fact("condition", condition ?: "");
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

/* What show tells besides the facts. */
struct story {
	struct advice advice;
	struct event_list events;
	char *no_events;		/* why they are not known */
};

static void print_events(const struct story *y)
{
	if (y->no_events)
		say("%*s: not known: %s", LABEL_WIDTH, "last events", y->no_events);
	else if (!y->events.n)
		fact("last events", "");
	for (size_t i = 0; i < y->events.n; i++) {
		_cleanup_free_ char *line = event_line(&y->events.events[i]);

		say("%*s%c %s", LABEL_WIDTH, i ? "" : "last events", i ? ' ' : ':', line ?: "");
	}
}

static void print_facts(const struct model *m, const struct object *o, const struct story *y)
{
	const struct kind_info *info = kind_info(o->kind);

	fact(object_kind_to_string(o->kind), o->name);
	for (size_t i = 0; i < info->n_props; i++)
		fact_prop(o, &info->props[i]);
	explain(m, o);
	for (char **t = y->advice.why; *t; t++)
		fact("why", *t);
	for (char **t = y->advice.may; *t; t++)
		say("%*s%c %s", LABEL_WIDTH, t == y->advice.may ? "may be done" : "",
		    t == y->advice.may ? ':' : ' ', *t);
	print_events(y);
}

static void print_json(const struct context *c, const struct object *o, const struct story *y)
{
	struct json_object *doc = json_new_document(), *events = NULL;

	json_add(doc, "kind", json_object_new_string(object_kind_to_string(o->kind)));
	json_add(doc, object_kind_to_string(o->kind), json_from_object(o));
	json_add(doc, "why", json_texts(y->advice.why));
	json_add(doc, "may", json_texts(y->advice.may));
	if (!y->no_events)
		events = json_object_new_array();
	for (size_t i = 0; i < y->events.n; i++)
		(void) json_object_array_add(events, event_to_json(&y->events.events[i]));
	json_add(doc, "events", events);
	json_print(doc, c->args->json);
}

/* A removal's events are those of what it removes. */
static void ask_events(const struct context *c, const struct object *o, struct story *y)
{
	__attribute__((cleanup(sd_bus_error_free))) sd_bus_error error = SD_BUS_ERROR_NULL;
	const struct removal *removal = (const struct removal *) o;
	const struct event_query q = {
		.since_usec = c->args->since_usec,
		.object = o->kind == KIND_REMOVAL ? removal->target : o->name,
		.max = c->args->lines ?: EVENTS_SHOWN,
	};
	int r = event_query(c->bus, &q, &y->events, &error);

	if (r < 0)
		y->no_events = strdup(error.message ?: strerror(-r));
}

static void story_done(struct story *y)
{
	advice_done(&y->advice);
	event_list_done(&y->events);
	free(y->no_events);
}

enum nvmpath_exit verb_show(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	_cleanup_(story_done) struct story y = { 0 };
	const struct object *o;
	enum nvmpath_exit code;

	code = bus_read_model(c->bus, true, &m);
	if (code == NVMPATH_EXIT_OK)
		code = target_any(&m, object, &o);
	if (code != NVMPATH_EXIT_OK)
		return code;
	advise(&m, o, &y.advice);
	if (y.advice.error < 0)
		return bus_fail("show", NULL, y.advice.error);
	ask_events(c, o, &y);
	if (c->args->json)
		print_json(c, o, &y);
	else
		print_facts(&m, o, &y);
	return NVMPATH_EXIT_OK;
}
