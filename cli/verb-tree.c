/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus.h"
#include "describe.h"
#include "json.h"
#include "output.h"
#include "scope.h"
#include "target.h"
#include "text.h"
#include "verbs.h"

static void add_path(struct table *t, const struct model *m, const struct path *p)
{
	table_line_at(t, 2);
	table_cell(t, p->object.name);
	cell_text(t, p->controller);
	cell_place(t, p->ctrl);
	cell_text(t, p->ctrl ? p->ctrl->state : "");
	cell_text(t, p->ana_state);
	cell_condition(t, m, p);
}

/* A namespace is shown for a path's or controller's sake, too. */
static bool is_wanted(const struct model *m, const struct scope *scope,
		      const struct namespace *ns)
{
	if (scope_has_namespace(scope, ns))
		return true;
	for (char **n = ns->paths; *n; n++) {
		const struct path *p = model_path(m, *n);

		if (p && scope_has_path(scope, p))
			return true;
	}
	return false;
}

static void add_namespace(struct table *t, const struct model *m, const struct scope *scope,
			  const struct namespace *ns)
{
	char buf[TEXT_MAX];

	if (!is_wanted(m, scope, ns))
		return;
	table_line_at(t, 1);
	table_cell(t, ns->object.name);
	table_cell(t, "");
	table_cell(t, text_size(buf, ns->size_bytes));
	table_cell(t, "");
	cell_usable(t, ns->usable_paths, strv_len(ns->paths));
	cell_health(t, namespace_health(ns));
	for (char **n = ns->paths; *n; n++) {
		const struct path *p = model_path(m, *n);

		if (p && scope_has_path(scope, p))
			add_path(t, m, p);
	}
}

static void add_subsystem(struct table *t, const struct model *m,
			  const struct scope *scope, const struct subsystem *s)
{
	table_line(t);
	table_cell(t, s->object.name);
	cell_text(t, s->io_policy);
	table_cell(t, s->nqn);
	table_cell(t, "");
	table_cell(t, "");
	cell_health(t, subsystem_health(m, s));
	for (char **n = s->namespaces; *n; n++) {
		const struct namespace *ns = model_namespace(m, *n);

		if (ns)
			add_namespace(t, m, scope, ns);
	}
}

static enum nvmpath_exit print_tree(const struct context *c, const struct model *m,
				    const struct scope *scope)
{
	static const struct column columns[] = {
		{ "NAME", COLUMN_TREE }, { "CONTROLLER" }, { "ADDRESS", COLUMN_CUT }, { "STATE" },
		{ "ANA" }, { "CONDITION", COLUMN_CUT },
	};
	_cleanup_table_ struct table t;

	table_init(&t, c->args, columns, ARRAY_SIZE(columns));
	model_each(m, KIND_SUBSYSTEM, struct subsystem, s)
		if (scope_has_subsystem(scope, m, s))
			add_subsystem(&t, m, scope, s);
	return output_table(&t);
}

static struct json_object *json_namespace(const struct model *m, const struct scope *scope,
					  const struct namespace *ns)
{
	struct json_object *j = json_from_object(&ns->object);
	struct json_object *paths = json_object_new_array();

	for (char **n = ns->paths; *n; n++) {
		const struct path *p = model_path(m, *n);

		if (p && scope_has_path(scope, p))
			(void) json_object_array_add(paths, json_from_object(&p->object));
	}
	json_add(j, "paths", paths);
	return j;
}

static struct json_object *json_subsystem(const struct model *m, const struct scope *scope,
					  const struct subsystem *s)
{
	struct json_object *j = json_from_object(&s->object);
	struct json_object *list = json_object_new_array();

	for (char **n = s->namespaces; *n; n++) {
		const struct namespace *ns = model_namespace(m, *n);

		if (ns && is_wanted(m, scope, ns))
			(void) json_object_array_add(list, json_namespace(m, scope, ns));
	}
	json_add(j, "namespaces", list);
	return j;
}

static void print_json(const struct context *c, const struct model *m,
		       const struct scope *scope)
{
	struct json_object *doc = json_new_document();
	struct json_object *list = json_object_new_array();

	model_each(m, KIND_SUBSYSTEM, struct subsystem, s)
		if (scope_has_subsystem(scope, m, s))
			(void) json_object_array_add(list, json_subsystem(m, scope, s));
	json_add(doc, "subsystems", list);
	json_print(doc, c->args->json);
}

enum nvmpath_exit verb_tree(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	struct scope scope = { 0 };
	enum nvmpath_exit code;

	/* JSON has every property */
	code = (c->args->json ? bus_read_model : bus_read_topology)(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK && object)
		code = target_scope(&m, object, &scope);
	if (code != NVMPATH_EXIT_OK)
		return code;
	if (!c->args->json)
		return print_tree(c, &m, &scope);
	print_json(c, &m, &scope);
	return NVMPATH_EXIT_OK;
}
