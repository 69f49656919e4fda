/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "describe.h"
#include "json.h"
#include "output.h"
#include "say.h"
#include "verbs.h"

/* One screen: more paths that are not usable than this are only counted. */
#define PATHS_SHOWN 16

static void join(char *buf, size_t size, char * const *list, const char *none)
{
	size_t used = 0;

	(void) snprintf(buf, size, "%s", none);
	for (size_t i = 0; list[i] && used < size; i++)
		used += (size_t) snprintf(buf + used, size - used, "%s%s", i ? ", " : "",
					  list[i]);
}

static void print_manager(const struct manager *g)
{
	char words[256];

	join(words, sizeof(words), g->event_sources, "nowhere");
	say("nvmpathd %s on Linux %s: protection %s; events from %s", g->version,
	    g->kernel_release, g->protection, words);
	join(words, sizeof(words), g->kernel_missing, "");
	if (!strcmp(g->protection, "observe"))
		say("This kernel lacks %s: nvmpathd observes; hold, drain and remove need a "
		    "patched kernel.", words);
	else if (*words)
		say("This kernel lacks %s.", words);
	(void) puts("");
}

static void count_paths(const struct model *m, const struct subsystem *s,
			size_t *usable, size_t *n)
{
	*usable = *n = 0;
	for (char **name = s->namespaces; *name; name++) {
		const struct namespace *ns = model_namespace(m, *name);

		*usable += ns ? ns->usable_paths : 0;
		*n += ns ? strv_len(ns->paths) : 0;
	}
}

static const struct column subsystem_columns[] = {
	{ "SUBSYSTEM" }, { "NQN", COLUMN_CUT }, { "POLICY" }, { "CONTROLLERS", COLUMN_NUMBER },
	{ "NAMESPACES", COLUMN_NUMBER }, { "USABLE", COLUMN_NUMBER }, { "VERDICT" },
};

static const struct column path_columns[] = {
	{ "PATH" }, { "NAMESPACE" }, { "CONTROLLER" }, { "ADDRESS", COLUMN_CUT },
	{ "CONDITION", COLUMN_CUT },
};

static enum nvmpath_exit print_subsystems(const struct context *c, const struct model *m)
{
	_cleanup_table_ struct table t;

	table_init(&t, c->args, subsystem_columns, ARRAY_SIZE(subsystem_columns));
	model_each(m, KIND_SUBSYSTEM, struct subsystem, s) {
		size_t usable, n;

		table_line(&t);
		count_paths(m, s, &usable, &n);
		table_cell(&t, s->object.name);
		cell_text(&t, s->nqn);
		cell_text(&t, s->io_policy);
		table_count(&t, (int64_t) strv_len(s->controllers));
		table_count(&t, (int64_t) strv_len(s->namespaces));
		cell_usable(&t, usable, n);
		cell_health(&t, subsystem_health(m, s));
	}
	return output_table(&t);
}

/* The paths that are not usable, if there are any. */
static enum nvmpath_exit print_unusable(const struct context *c, const struct model *m)
{
	_cleanup_table_ struct table t;
	enum nvmpath_exit code;
	size_t n = 0;

	table_init(&t, c->args, path_columns, ARRAY_SIZE(path_columns));
	model_each(m, KIND_PATH, struct path, p) {
		if (p->usable || n++ >= PATHS_SHOWN)
			continue;
		table_line(&t);
		table_cell(&t, p->object.name);
		cell_text(&t, p->namespace);
		cell_text(&t, p->controller);
		cell_place(&t, p->ctrl);
		cell_condition(&t, m, p);
	}
	if (n && !c->args->no_legend)
		(void) puts("");
	code = output_table(&t);
	if (n > PATHS_SHOWN)
		say("and %zu more: nvmpathctl list path", n - PATHS_SHOWN);
	return code;
}

static void print_removals(const struct model *m)
{
	bool first = true;

	model_each(m, KIND_REMOVAL, struct removal, r) {
		if (removal_is_over(r))
			continue;
		if (first)
			(void) puts("");
		first = false;
		say("Running: %s %s (removal %s): %s", r->kind, r->target,
		    r->object.name, r->state);
	}
}

static void print_verdict(const struct model *m)
{
	size_t usable = 0, in[_HEALTH_MAX] = { 0 };

	model_each(m, KIND_PATH, struct path, p)
		usable += p->usable;
	model_each(m, KIND_NAMESPACE, struct namespace, ns)
		in[namespace_health(ns)]++;
	if (!m->lists[KIND_PATH].n) {
		say("No paths: nothing here is under native NVMe multipath.");
		return;
	}
	(void) puts("");
	say("%s: %zu of %zu paths usable; namespaces: %zu with all paths, %zu degraded, "
	    "%zu on their last path, %zu without any.", health_to_string(model_health(m)),
	    usable, m->lists[KIND_PATH].n, in[HEALTH_OK], in[HEALTH_DEGRADED],
	    in[HEALTH_LAST_PATH], in[HEALTH_NO_PATH]);
}

static void print_json(const struct context *c, const struct model *m)
{
	struct json_object *doc = json_new_document();

	json_add(doc, "manager", json_from_object(&m->manager->object));
	json_add(doc, "verdict", json_object_new_string(health_to_key(model_health(m))));
	for (int k = 0; k <= KIND_REMOVAL; k++)
		json_add_list(doc, m, (enum object_kind) k);
	json_print(doc, c->args->json);
}

/* -o chooses among the tables, too; if it fits none, the first one says so. */
static enum nvmpath_exit print_tables(const struct context *c, const struct model *m)
{
	bool paths = table_fits(c->args, path_columns, ARRAY_SIZE(path_columns));
	enum nvmpath_exit code = NVMPATH_EXIT_OK;

	if (!paths || table_fits(c->args, subsystem_columns, ARRAY_SIZE(subsystem_columns)))
		code = print_subsystems(c, m);
	return paths && code == NVMPATH_EXIT_OK ? print_unusable(c, m) : code;
}

static enum nvmpath_exit print_status(const struct context *c, const struct model *m)
{
	enum nvmpath_exit code;

	if (!c->args->no_legend)
		print_manager(m->manager);
	code = print_tables(c, m);
	if (code == NVMPATH_EXIT_USAGE)
		return code;
	print_removals(m);
	if (!c->args->no_legend)
		print_verdict(m);
	return code;
}

enum nvmpath_exit verb_status(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	enum nvmpath_exit code;

	(void) object;
	code = (c->args->json ? bus_read_model : bus_read_topology)(c->bus, true, &m);
	if (code != NVMPATH_EXIT_OK)
		return code;
	if (c->args->json) {
		print_json(c, &m);
		return NVMPATH_EXIT_OK;
	}
	return print_status(c, &m);
}
