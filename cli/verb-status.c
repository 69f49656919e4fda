/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "describe.h"
#include "json.h"
#include "outlook.h"
#include "output.h"
#include "say.h"
#include "text.h"
#include "verbs.h"

/* One screen: more paths that are not usable than this are only counted. */
#define PATHS_SHOWN 16
/* As many lines of a kind, and names in one, stand above them. */
#define LINES_SHOWN 3
#define NAMES_SHOWN 8

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
	size_t usable = 0, held = 0, in[_HEALTH_MAX] = { 0 };
	char also[TEXT_MAX] = "";

	model_each(m, KIND_PATH, struct path, p) {
		usable += p->usable;
		held += !strcmp(p->admin_state, "hold");
	}
	model_each(m, KIND_NAMESPACE, struct namespace, ns)
		in[namespace_health(ns)]++;
	if (held)
		(void) snprintf(also, sizeof(also), ", %zu held", held);
	say("%s: %zu of %zu paths usable%s; namespaces: %zu with all paths, %zu degraded, "
	    "%zu on their last path, %zu without any.", health_to_string(model_health(m)),
	    usable, m->lists[KIND_PATH].n, also, in[HEALTH_OK], in[HEALTH_DEGRADED],
	    in[HEALTH_LAST_PATH], in[HEALTH_NO_PATH]);
}

static void print_loss(const struct loss *l)
{
	char names[512];
	size_t used = 0;

	for (size_t i = 0; i < l->n && i < NAMES_SHOWN && used < sizeof(names); i++)
		used += (size_t) snprintf(names + used, sizeof(names) - used, "%s%s",
					  i ? ", " : "", l->namespaces[i]);
	if (l->n > NAMES_SHOWN)
		say("Next: without %s no usable path is left to %s and %zu more.", l->object,
		    names, l->n - NAMES_SHOWN);
	else
		say("Next: without %s no usable path is left to %s.", l->object, names);
}

/* What would be lost next. */
static void print_next(const struct outlook *o)
{
	for (size_t i = 0; i < o->n && i < LINES_SHOWN; i++)
		print_loss(&o->losses[i]);
	if (o->n > LINES_SHOWN)
		say("Next: and %zu more such; see: nvmpathctl doctor", o->n - LINES_SHOWN);
	else if (!o->n && o->nearly)
		say("Next: no single loss stops I/O; it can leave %zu namespace%s on the last path.",
		    o->nearly, o->nearly == 1 ? "" : "s");
	else if (!o->n && o->reached)
		say("Next: no single loss stops I/O, nor does it leave a last path.");
}

static void print_flaky(const struct model *m)
{
	uint64_t now_usec = now_realtime_usec();
	size_t n = 0;

	model_each(m, KIND_PATH, struct path, p)
		if (path_is_flaky(p, now_usec) && n++ < LINES_SHOWN)
			say("Flaky: %s changed %llu times, the last within an hour; see: "
			    "nvmpathctl history %s", p->object.name,
			    (unsigned long long) p->transitions, p->object.name);
	if (n > LINES_SHOWN)
		say("Flaky: and %zu more; see: nvmpathctl doctor", n - LINES_SHOWN);
}

/* What somebody who was woken reads first. */
static void print_head(const struct model *m, const struct outlook *o)
{
	if (m->lists[KIND_PATH].n) {
		print_verdict(m);
		print_next(o);
		print_flaky(m);
	} else {
		say("No paths: nothing here is under native NVMe multipath.");
	}
	(void) puts("");
	print_manager(m->manager);
}

static struct json_object *json_flaky(const struct model *m)
{
	struct json_object *list = json_object_new_array();
	uint64_t now_usec = now_realtime_usec();

	model_each(m, KIND_PATH, struct path, p)
		if (path_is_flaky(p, now_usec))
			(void) json_object_array_add(list, json_text(p->object.name));
	return list;
}

static struct json_object *json_next(const struct outlook *o)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < o->n; i++) {
		struct json_object *j = json_object_new_object();
		struct json_object *names = json_object_new_array();

		for (size_t n = 0; n < o->losses[i].n; n++)
			(void) json_object_array_add(names, json_text(o->losses[i].namespaces[n]));
		json_add(j, "object", json_text(o->losses[i].object));
		json_add(j, "namespaces", names);
		(void) json_object_array_add(list, j);
	}
	return list;
}

static void print_json(const struct context *c, const struct model *m, const struct outlook *o)
{
	struct json_object *doc = json_new_document();

	json_add(doc, "manager", json_from_object(&m->manager->object));
	json_add(doc, "verdict", json_object_new_string(health_to_key(model_health(m))));
	json_add(doc, "next", json_next(o));
	json_add(doc, "flaky", json_flaky(m));
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

static enum nvmpath_exit print_status(const struct context *c, const struct model *m,
				      const struct outlook *o)
{
	enum nvmpath_exit code;

	if (!c->args->no_legend)
		print_head(m, o);
	code = print_tables(c, m);
	if (code != NVMPATH_EXIT_USAGE)
		print_removals(m);
	return code;
}

enum nvmpath_exit verb_status(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	_cleanup_outlook_ struct outlook o = { 0 };
	enum nvmpath_exit code;

	(void) object;
	code = (c->args->json ? bus_read_model : bus_read_topology)(c->bus, true, &m);
	if (code != NVMPATH_EXIT_OK)
		return code;
	outlook_make(&m, &o);
	if (o.error < 0)
		return bus_fail("foresee what would be lost", NULL, o.error);
	if (!c->args->json)
		return print_status(c, &m, &o);
	print_json(c, &m, &o);
	return NVMPATH_EXIT_OK;
}
