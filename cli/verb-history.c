/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "event.h"
#include "json.h"
#include "output.h"
#include "say.h"
#include "scope.h"
#include "target.h"
#include "verbs.h"
#include "when.h"

static void add_row(struct table *t, const struct event *e)
{
	char when[TEXT_MAX], span[TEXT_MAX] = "-";

	table_line(t);
	if (e->duration_usec)
		(void) text_duration(span, e->duration_usec);
	table_cell(t, text_moment(when, e->time_usec));
	cell_text(t, e->kind);
	cell_text(t, e->object);
	cell_text(t, e->from);
	cell_text(t, e->to);
	table_cell(t, span);
	cell_text(t, e->reason);
}

static enum nvmpath_exit print_table(const struct context *c, const struct event_list *l)
{
	static const struct column columns[] = {
		{ "TIME" }, { "KIND" }, { "OBJECT" }, { "FROM" }, { "TO" },
		{ "AFTER", COLUMN_NUMBER }, { "REASON", COLUMN_CUT },
	};
	_cleanup_table_ struct table t;
	enum nvmpath_exit code;

	table_init(&t, c->args, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < l->n; i++)
		add_row(&t, &l->events[i]);
	code = output_table(&t);
	if (!l->n && !c->args->no_legend && code == NVMPATH_EXIT_OK)
		say("Nothing happened in that time.");
	return code;
}

static void print_json(const struct context *c, const struct event_list *l)
{
	struct json_object *doc = json_new_document();
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < l->n; i++)
		(void) json_object_array_add(list, event_to_json(&l->events[i]));
	json_add(doc, "events", list);
	json_print(doc, c->args->json);
}

/* nvmpathd knows names; for what controllers have in common all events are looked at. */
static void keep_those_of(struct event_list *l, const char *name, size_t max)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (event_is_about(&l->events[i], name))
			l->events[kept++] = l->events[i];
		else
			event_done(&l->events[i]);
	}
	l->n = kept;
	if (!max || kept <= max)
		return;
	for (size_t i = 0; i < kept - max; i++)
		event_done(&l->events[i]);
	memmove(l->events, l->events + (kept - max), max * sizeof(*l->events));
	l->n = max;
}

static int ask(const struct context *c, const char *object, struct event_list *ret,
	       sd_bus_error *error)
{
	const char *value;
	bool common = object && scope_split(object, &value) != SCOPE_OBJECT;
	const struct event_query q = {
		.since_usec = c->args->since_usec,
		.until_usec = c->args->until_usec,
		.object = common ? NULL : object,
		.max = common ? 0 : c->args->lines,
	};
	int r = event_query(c->bus, &q, ret, error);

	if (r >= 0 && common)
		keep_those_of(ret, object, c->args->lines);
	return r;
}

/* Of a name that nothing is known of, and that nothing has now. */
static enum nvmpath_exit check_name(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	enum nvmpath_exit code = bus_read_topology(c->bus, false, &m);
	struct scope s;

	return code == NVMPATH_EXIT_OK ? target_scope(&m, object, &s) : code;
}

/* History knows what is gone by now, so the name is looked up only if it has no events. */
enum nvmpath_exit verb_history(const struct context *c, const char *object)
{
	__attribute__((cleanup(sd_bus_error_free))) sd_bus_error error = SD_BUS_ERROR_NULL;
	_cleanup_events_ struct event_list l = { 0 };
	enum nvmpath_exit code;
	int r;

	if (object && !strncmp(object, "/dev/", 5))
		object += 5;
	r = ask(c, object, &l, &error);
	if (r < 0)
		return bus_fail("read the history", &error, r);
	code = object && !l.n ? check_name(c, object) : NVMPATH_EXIT_OK;
	if (code != NVMPATH_EXIT_OK)
		return code;
	if (!c->args->json)
		return print_table(c, &l);
	print_json(c, &l);
	return NVMPATH_EXIT_OK;
}
