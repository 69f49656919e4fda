/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "bus.h"
#include "describe.h"
#include "json.h"
#include "output.h"
#include "say.h"
#include "text.h"
#include "verbs.h"

static void subsystem_row(struct table *t, const struct model *m, const struct object *o)
{
	const struct subsystem *s = (const struct subsystem *) o;

	table_line(t);
	table_cell(t, o->name);
	cell_text(t, s->nqn);
	cell_text(t, s->model);
	cell_text(t, s->serial);
	cell_text(t, s->firmware);
	cell_text(t, s->io_policy);
	table_count(t, (int64_t) strv_len(s->controllers));
	table_count(t, (int64_t) strv_len(s->namespaces));
	cell_health(t, subsystem_health(m, s));
}

static void controller_row(struct table *t, const struct model *m, const struct object *o)
{
	const struct controller *c = (const struct controller *) o;

	(void) m;
	table_line(t);
	table_cell(t, o->name);
	cell_text(t, c->subsystem);
	cell_place(t, c);
	cell_text(t, c->state);
	table_count(t, c->cntlid);
	table_count(t, c->numa_node);
	table_count(t, (int64_t) strv_len(c->paths));
}

static const char *ns_identifier(const struct namespace *ns)
{
	if (*ns->uuid)
		return ns->uuid;
	return *ns->nguid ? ns->nguid : ns->wwid;
}

static void namespace_row(struct table *t, const struct model *m, const struct object *o)
{
	const struct namespace *ns = (const struct namespace *) o;
	char buf[TEXT_MAX];

	(void) m;
	table_line(t);
	table_cell(t, o->name);
	cell_text(t, ns->subsystem);
	table_count(t, ns->nsid);
	table_cell(t, text_size(buf, ns->size_bytes));
	cell_usable(t, ns->usable_paths, strv_len(ns->paths));
	cell_health(t, namespace_health(ns));
	cell_text(t, ns_identifier(ns));
}

static void path_row(struct table *t, const struct model *m, const struct object *o)
{
	const struct path *p = (const struct path *) o;

	table_line(t);
	table_cell(t, o->name);
	cell_text(t, p->namespace);
	cell_text(t, p->controller);
	cell_place(t, p->ctrl);
	cell_text(t, p->ctrl ? p->ctrl->state : "");
	cell_text(t, p->ana_state);
	table_count(t, p->in_flight);
	cell_condition(t, m, p);
}

static void removal_row(struct table *t, const struct model *m, const struct object *o)
{
	const struct removal *r = (const struct removal *) o;
	char buf[TEXT_MAX];

	(void) m;
	table_line(t);
	table_cell(t, o->name);
	cell_text(t, r->kind);
	cell_text(t, r->target);
	cell_text(t, r->state);
	table_count(t, r->held);
	table_count(t, r->in_flight);
	table_cell(t, text_time(buf, r->started_usec));
	cell_text(t, r->reason);
	cell_text(t, r->detail);
}

static const struct column subsystem_columns[] = {
	{ "SUBSYSTEM" }, { "NQN", COLUMN_CUT }, { "MODEL" }, { "SERIAL" }, { "FIRMWARE" }, { "POLICY" },
	{ "CONTROLLERS", COLUMN_NUMBER }, { "NAMESPACES", COLUMN_NUMBER }, { "VERDICT" },
};

static const struct column controller_columns[] = {
	{ "CONTROLLER" }, { "SUBSYSTEM" }, { "ADDRESS", COLUMN_CUT }, { "STATE" },
	{ "CNTLID", COLUMN_NUMBER }, { "NUMA", COLUMN_NUMBER }, { "PATHS", COLUMN_NUMBER },
};

static const struct column namespace_columns[] = {
	{ "NAMESPACE" }, { "SUBSYSTEM" }, { "NSID", COLUMN_NUMBER }, { "SIZE", COLUMN_NUMBER },
	{ "USABLE", COLUMN_NUMBER }, { "VERDICT" }, { "IDENTIFIER", COLUMN_CUT },
};

static const struct column path_columns[] = {
	{ "PATH" }, { "NAMESPACE" }, { "CONTROLLER" }, { "ADDRESS", COLUMN_CUT }, { "STATE" }, { "ANA" },
	{ "INFLIGHT", COLUMN_NUMBER }, { "CONDITION", COLUMN_CUT },
};

static const struct column removal_columns[] = {
	{ "ID", COLUMN_NUMBER }, { "KIND" }, { "OBJECT" }, { "STATE" },
	{ "HELD", COLUMN_NUMBER }, { "INFLIGHT", COLUMN_NUMBER }, { "STARTED" }, { "REASON" },
	{ "DETAIL", COLUMN_CUT },
};

/* One row a kind: its columns and how an object becomes a line. */
static const struct listing {
	const struct column *columns;
	size_t n_columns;
	void (*row)(struct table *t, const struct model *m, const struct object *o);
} listings[] = {
#define LISTING(KIND, kind) \
	[KIND_##KIND] = { kind##_columns, ARRAY_SIZE(kind##_columns), kind##_row }
	LISTING(SUBSYSTEM, subsystem),
	LISTING(CONTROLLER, controller),
	LISTING(NAMESPACE, namespace),
	LISTING(PATH, path),
	LISTING(REMOVAL, removal),
};

/* "path" or "paths"; -EINVAL for what is no kind. */
static enum object_kind parse_kind(const char *word)
{
	for (int k = 0; k <= KIND_REMOVAL; k++) {
		const char *kind = object_kind_to_string((enum object_kind) k);
		size_t n = strlen(kind);

		if (!strncmp(kind, word, n) && (!word[n] || !strcmp(word + n, "s")))
			return (enum object_kind) k;
	}
	return _KIND_INVALID;
}

static enum nvmpath_exit print_table(const struct context *c, const struct model *m,
				     enum object_kind kind)
{
	const struct listing *l = &listings[kind];
	_cleanup_table_ struct table t;

	table_init(&t, c->args, l->columns, l->n_columns);
	for (size_t i = 0; i < m->lists[kind].n; i++)
		l->row(&t, m, m->lists[kind].objects[i]);
	return output_table(&t);
}

enum nvmpath_exit verb_list(const struct context *c, const char *word)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	enum object_kind kind = word ? parse_kind(word) : KIND_PATH;
	struct json_object *doc;
	enum nvmpath_exit code;
	bool numbers;

	if (kind < 0) {
		say_error("list %s: expected subsystem, controller, namespace, path or removal",
			  word);
		return NVMPATH_EXIT_USAGE;
	}
	numbers = c->args->json || kind == KIND_PATH;
	code = (numbers ? bus_read_model : bus_read_topology)(c->bus, false, &m);
	if (code != NVMPATH_EXIT_OK)
		return code;
	if (!c->args->json)
		return print_table(c, &m, kind);
	doc = json_new_document();
	json_add_list(doc, &m, kind);
	json_print(doc, c->args->json);
	return NVMPATH_EXIT_OK;
}
