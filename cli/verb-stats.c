/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "bus.h"
#include "json.h"
#include "output.h"
#include "scope.h"
#include "since.h"
#include "target.h"
#include "text.h"
#include "verbs.h"

static void fill_paths(struct table *t, const struct model *m, const struct scope *scope)
{
	model_each(m, KIND_PATH, struct path, p) {
		char buf[TEXT_MAX];

		if (!scope_has_path(scope, p))
			continue;
		table_line(t);
		table_cell(t, p->object.name);
		cell_text(t, p->controller);
		table_count(t, p->failovers);
		table_count(t, p->retries);
		table_count(t, p->command_errors);
		table_count(t, p->bio_redirects);
		table_count(t, (int64_t) p->transitions);
		table_cell(t, text_time(buf, p->last_change_usec));
		cell_text(t, p->last_change);
	}
}

static void fill_namespaces(struct table *t, const struct model *m,
			    const struct scope *scope)
{
	model_each(m, KIND_NAMESPACE, struct namespace, ns) {
		if (!scope_has_namespace(scope, ns))
			continue;
		table_line(t);
		table_cell(t, ns->object.name);
		table_count(t, ns->bio_redirects);
		table_count(t, ns->io_requeues);
		table_count(t, ns->io_failures);
	}
}

static void fill_controllers(struct table *t, const struct model *m,
			     const struct scope *scope)
{
	model_each(m, KIND_CONTROLLER, struct controller, c) {
		if (!scope_has_controller(scope, c))
			continue;
		table_line(t);
		table_cell(t, c->object.name);
		table_count(t, c->command_errors);
		table_count(t, c->resets);
		table_count(t, c->reconnects);
	}
}

static const struct column path_columns[] = {
	{ "PATH" }, { "CONTROLLER" }, { "FAILOVERS", COLUMN_NUMBER },
	{ "RETRIES", COLUMN_NUMBER }, { "ERRORS", COLUMN_NUMBER },
	{ "REDIRECTS", COLUMN_NUMBER }, { "CHANGES", COLUMN_NUMBER },
	{ "LAST CHANGE" }, { "WHAT" },
};

static const struct column namespace_columns[] = {
	{ "NAMESPACE" }, { "REDIRECTS", COLUMN_NUMBER }, { "REQUEUES", COLUMN_NUMBER },
	{ "FAILURES", COLUMN_NUMBER },
};

static const struct column controller_columns[] = {
	{ "CONTROLLER" }, { "ERRORS", COLUMN_NUMBER }, { "RESETS", COLUMN_NUMBER },
	{ "RECONNECTS", COLUMN_NUMBER },
};

static const struct section {
	const struct column *columns;
	size_t n_columns;
	void (*fill)(struct table *t, const struct model *m, const struct scope *scope);
} sections[] = {
	{ path_columns, ARRAY_SIZE(path_columns), fill_paths },
	{ namespace_columns, ARRAY_SIZE(namespace_columns), fill_namespaces },
	{ controller_columns, ARRAY_SIZE(controller_columns), fill_controllers },
};

/* -o chooses among the tables, too; if it fits none, the first one says so. */
static bool is_asked_for(const struct args *args, const struct section *s)
{
	bool any = false;

	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		any |= table_fits(args, sections[i].columns, sections[i].n_columns);
	return !any || table_fits(args, s->columns, s->n_columns);
}

static enum nvmpath_exit print_tables(const struct context *c, const struct model *m,
				      const struct scope *scope)
{
	enum nvmpath_exit code = NVMPATH_EXIT_OK;
	bool printed = false;

	for (size_t i = 0; i < ARRAY_SIZE(sections) && code == NVMPATH_EXIT_OK; i++) {
		_cleanup_table_ struct table t = { 0 };

		if (!is_asked_for(c->args, &sections[i]))
			continue;
		table_init(&t, c->args, sections[i].columns, sections[i].n_columns);
		sections[i].fill(&t, m, scope);
		if (table_is_empty(&t) && t.error >= 0)
			continue;
		if (printed)
			(void) puts("");
		code = output_table(&t);
		printed = true;
	}
	return code;
}

static struct json_object *json_counters(const struct model *m, enum object_kind kind,
					 const struct scope *scope)
{
	struct json_object *a = json_object_new_array();

	for (size_t i = 0; i < m->lists[kind].n; i++) {
		const struct object *o = m->lists[kind].objects[i];

		if (scope_has(scope, o))
			(void) json_object_array_add(a, json_from_counters(o));
	}
	return a;
}

static void print_json(const struct context *c, const struct model *m,
		       const struct scope *scope)
{
	struct json_object *doc = json_new_document();

	json_add(doc, "paths", json_counters(m, KIND_PATH, scope));
	json_add(doc, "namespaces", json_counters(m, KIND_NAMESPACE, scope));
	json_add(doc, "controllers", json_counters(m, KIND_CONTROLLER, scope));
	json_print(doc, c->args->json);
}

enum nvmpath_exit verb_stats(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	struct scope scope = { 0 };
	enum nvmpath_exit code;

	code = bus_read_model(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK && object)
		code = target_scope(&m, object, &scope);
	if (code != NVMPATH_EXIT_OK)
		return code;
	if (c->args->since_usec)
		return stats_since(c, &m, &scope);
	if (!c->args->json)
		return print_tables(c, &m, &scope);
	print_json(c, &m, &scope);
	return NVMPATH_EXIT_OK;
}
