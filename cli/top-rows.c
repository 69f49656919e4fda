/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top-rows.h"

#include <stdio.h>
#include <string.h>

#include "describe.h"
#include "json.h"
#include "output.h"
#include "text.h"

struct row {
	const struct model *model;
	const struct path *path;
	int64_t failovers, redirects;	/* gained */
};

const char *top_sort_to_string(enum top_sort sort)
{
	static const char * const words[] = {
#define X(suffix, word, key) [TOP_##suffix] = word,
		TOP_SORTS(X)
#undef X
	};

	return sort >= 0 && sort < _TOP_SORT_MAX ? words[sort] : NULL;
}

enum top_sort top_sort_from_key(char key)
{
#define X(suffix, word, key_) \
	if (key == (key_)) \
		return TOP_##suffix;
	TOP_SORTS(X)
#undef X
	return _TOP_SORT_INVALID;
}

int64_t top_gain(int64_t now, int64_t before)
{
	if (now < 0 || before < 0)
		return COUNTER_UNKNOWN;
	return now >= before ? now - before : now;
}

/* What deserves to be seen first. */
static int rank(const struct row *r)
{
	if (!r->path->usable)
		return strcmp(r->path->admin_state, "hold") ? 3 : 2;
	return path_is_standby(r->model, r->path) ? 0 : 1;
}

enum top_sort top_sort_from_string(const char *word)
{
	for (int s = 0; s < _TOP_SORT_MAX; s++)
		if (!strcmp(top_sort_to_string((enum top_sort) s), word))
			return (enum top_sort) s;
	return _TOP_SORT_INVALID;
}

static int64_t key_of(const struct row *r, enum top_sort sort)
{
	switch (sort) {
	case TOP_CONDITION:
		return rank(r);
	case TOP_FAILOVERS:
		return r->failovers > 0 ? INT32_MAX + r->failovers : r->path->failovers;
	case TOP_REDIRECTS:
		return r->redirects > 0 ? INT32_MAX + r->redirects : r->path->bio_redirects;
	case TOP_IN_FLIGHT:
		return r->path->in_flight;
	case TOP_NAME:
	case _TOP_SORT_MAX:
	case _TOP_SORT_INVALID:
		break;
	}
	return 0;
}

/* The greatest first; equal ones stay in the order of their names. */
static int compare(const void *a, const void *b, void *userdata)
{
	enum top_sort sort = *(enum top_sort *) userdata;
	const struct row *x = a, *y = b;
	int64_t kx = key_of(x, sort), ky = key_of(y, sort);

	if (kx != ky)
		return kx < ky ? 1 : -1;
	return strverscmp(x->path->object.name, y->path->object.name);
}

static struct row make_row(const struct model *now, const struct model *before,
			   const struct path *p)
{
	const struct path *old = model_path(before, p->object.name);

	return (struct row) {
		.model = now,
		.path = p,
		.failovers = old ? top_gain(p->failovers, old->failovers) : COUNTER_UNKNOWN,
		.redirects = old ? top_gain(p->bio_redirects, old->bio_redirects) :
				   COUNTER_UNKNOWN,
	};
}

static void cell_gain(struct table *t, int64_t gain)
{
	char buf[TEXT_MAX] = "";

	if (gain > 0)
		(void) snprintf(buf, sizeof(buf), "+%lld", (long long) gain);
	table_cell_color(t, buf, "red");
}

static void add_row(struct table *t, const struct row *r)
{
	const struct path *p = r->path;

	table_line(t);
	table_cell(t, p->object.name);
	cell_place(t, p->ctrl);
	cell_text(t, p->ctrl ? p->ctrl->state : "");
	cell_text(t, p->ana_state);
	table_count(t, p->in_flight);
	table_count(t, p->failovers);
	cell_gain(t, r->failovers);
	table_count(t, p->bio_redirects);
	cell_gain(t, r->redirects);
	cell_condition(t, r->model, p);
}

/* The rows in their order; NULL: no memory. */
static struct row *make_rows(const struct model *now, const struct model *before,
			     const struct scope *scope, enum top_sort sort, size_t *ret_n)
{
	struct row *rows = calloc(now->lists[KIND_PATH].n + 1, sizeof(*rows));
	size_t n = 0;

	if (!rows)
		return NULL;
	model_each(now, KIND_PATH, struct path, p)
		if (scope_has_path(scope, p))
			rows[n++] = make_row(now, before, p);
	qsort_r(rows, n, sizeof(*rows), compare, &sort);
	*ret_n = n;
	return rows;
}

void top_fill(struct table *t, const struct args *args, const struct model *now,
	      const struct model *before, const struct scope *scope, enum top_sort sort)
{
	static const struct column columns[] = {
		{ "PATH" }, { "ADDRESS", COLUMN_CUT }, { "STATE" }, { "ANA" },
		{ "INFLIGHT", COLUMN_NUMBER }, { "FAILOVERS", COLUMN_NUMBER },
		{ "+F", COLUMN_NUMBER }, { "REDIRECTS", COLUMN_NUMBER }, { "+R", COLUMN_NUMBER },
		{ "CONDITION", COLUMN_CUT },
	};
	size_t n = 0;
	_cleanup_free_ struct row *rows = make_rows(now, before, scope, sort, &n);

	table_init(t, args, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < n; i++)
		add_row(t, &rows[i]);
}

struct json_object *top_to_json(const struct model *now, const struct model *before,
				const struct scope *scope, enum top_sort sort)
{
	struct json_object *list = json_object_new_array();
	size_t n = 0;
	_cleanup_free_ struct row *rows = make_rows(now, before, scope, sort, &n);

	for (size_t i = 0; i < n; i++)
		(void) json_object_array_add(list, json_from_object(&rows[i].path->object));
	return list;
}
