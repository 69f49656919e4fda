/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "since.h"

#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "event.h"
#include "json.h"
#include "output.h"
#include "text.h"
#include "when.h"

/* One object of one kind; newest points into the history. */
struct count {
	const char *kind, *object;
	uint64_t changes;
	uint64_t away_usec;	/* in a state other than usable, live, optimized that ended */
	int64_t failovers, redirects;	/* as events tell them */
	const struct event *newest;
};

struct counts {
	struct count *list;
	size_t n;
};

static bool is_good(const char *state)
{
	static const char * const words[] = { "usable", "live", "optimized", "online", "" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i], state))
			return true;
	return false;
}

static struct count *count_of(struct counts *cs, const struct event *e)
{
	struct count *more;

	for (size_t i = 0; i < cs->n; i++)
		if (!strcmp(cs->list[i].object, e->object) && !strcmp(cs->list[i].kind, e->kind))
			return &cs->list[i];
	more = reallocarray(cs->list, cs->n + 1, sizeof(*more));
	if (!more)
		return NULL;
	cs->list = more;
	cs->list[cs->n] = (struct count) {
		.kind = e->kind, .object = e->object,
		.failovers = COUNTER_UNKNOWN, .redirects = COUNTER_UNKNOWN,
	};
	return &cs->list[cs->n++];
}

/* What went meanwhile is in no scope but that of all. */
static bool is_wanted(const struct model *m, const struct scope *s, const struct event *e)
{
	const struct scope all = { 0 };

	if (!memcmp(s, &all, sizeof(all)))
		return true;
	for (int k = 0; k < KIND_REMOVAL; k++) {
		const struct object *o = model_find(m, (enum object_kind) k, e->object);

		if (o && scope_has(s, o))
			return true;
	}
	return s->object && event_is_about(e, s->object->name);
}

/* An extra fact that is a number is added to the sum; a sum of nothing stays unknown. */
static void add_extra(int64_t *sum, const struct event *e, const char *key)
{
	for (char **t = e->extra; *t; t += 2)
		if (!strcmp(t[0], key))
			*sum = (*sum < 0 ? 0 : *sum) + strtoll(t[1], NULL, 10);
}

static void count(struct counts *cs, const struct model *m, const struct scope *s,
		  const struct event_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct event *e = &l->events[i];
		struct count *c = is_wanted(m, s, e) ? count_of(cs, e) : NULL;

		if (!c)
			continue;
		c->changes++;
		c->newest = e;
		add_extra(&c->failovers, e, "failovers");
		add_extra(&c->redirects, e, "bio_redirects");
		if (!is_good(e->from))
			c->away_usec += e->duration_usec;
	}
}

static enum nvmpath_exit print_table(const struct context *c, const struct counts *cs)
{
	static const struct column columns[] = {
		{ "OBJECT" }, { "KIND" }, { "CHANGES", COLUMN_NUMBER }, { "AWAY", COLUMN_NUMBER },
		{ "FAILOVERS", COLUMN_NUMBER }, { "REDIRECTS", COLUMN_NUMBER },
		{ "LAST CHANGE" }, { "WHAT", COLUMN_CUT },
	};
	_cleanup_table_ struct table t;

	table_init(&t, c->args, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < cs->n; i++) {
		const struct count *x = &cs->list[i];
		_cleanup_free_ char *change = event_change(x->newest);
		char buf[TEXT_MAX];

		table_line(&t);
		cell_text(&t, x->object);
		table_cell(&t, x->kind);
		table_count(&t, (int64_t) x->changes);
		table_cell(&t, x->away_usec ? text_duration(buf, x->away_usec) : "-");
		table_count(&t, x->failovers);
		table_count(&t, x->redirects);
		table_cell(&t, text_time(buf, x->newest->time_usec));
		table_cell(&t, change);
	}
	return output_table(&t);
}

static void print_json(const struct context *c, const struct counts *cs)
{
	struct json_object *doc = json_new_document();
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < cs->n; i++) {
		const struct count *x = &cs->list[i];
		struct json_object *j = json_object_new_object();

		json_add(j, "object", json_text(x->object));
		json_add(j, "kind", json_text(x->kind));
		json_add(j, "changes", json_object_new_uint64(x->changes));
		json_add(j, "away_usec", json_object_new_uint64(x->away_usec));
		json_add(j, "failovers", json_count(x->failovers));
		json_add(j, "bio_redirects", json_count(x->redirects));
		json_add(j, "last", event_to_json(x->newest));
		(void) json_object_array_add(list, j);
	}
	json_add(doc, "since_usec", json_object_new_uint64(c->args->since_usec));
	json_add(doc, "changes", list);
	json_print(doc, c->args->json);
}

enum nvmpath_exit stats_since(const struct context *c, const struct model *m,
			      const struct scope *scope)
{
	__attribute__((cleanup(sd_bus_error_free))) sd_bus_error error = SD_BUS_ERROR_NULL;
	const struct event_query q = { .since_usec = c->args->since_usec,
				       .until_usec = c->args->until_usec };
	_cleanup_events_ struct event_list l = { 0 };
	enum nvmpath_exit code = NVMPATH_EXIT_OK;
	struct counts cs = { 0 };
	int r;

	r = event_query(c->bus, &q, &l, &error);
	if (r < 0)
		return bus_fail("read the history", &error, r);
	count(&cs, m, scope, &l);
	if (c->args->json)
		print_json(c, &cs);
	else
		code = print_table(c, &cs);
	free(cs.list);
	return code;
}
