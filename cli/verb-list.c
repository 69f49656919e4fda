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
	struct libscols_line *line = table_line(t, NULL);

	table_cell(t, line, o->name);
	cell_text(t, line, s->nqn);
	cell_text(t, line, s->model);
	cell_text(t, line, s->serial);
	cell_text(t, line, s->firmware);
	cell_text(t, line, s->io_policy);
	table_count(t, line, (int64_t) strv_len(s->controllers));
	table_count(t, line, (int64_t) strv_len(s->namespaces));
	cell_health(t, line, subsystem_health(m, s));
}

static void controller_row(struct table *t, const struct model *m, const struct object *o)
{
	const struct controller *c = (const struct controller *) o;
	struct libscols_line *line = table_line(t, NULL);

	(void) m;
	table_cell(t, line, o->name);
	cell_text(t, line, c->subsystem);
	cell_place(t, line, c);
	cell_text(t, line, c->state);
	table_count(t, line, c->cntlid);
	table_count(t, line, c->numa_node);
	table_count(t, line, (int64_t) strv_len(c->paths));
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
	struct libscols_line *line = table_line(t, NULL);
	char buf[TEXT_MAX];

	(void) m;
	table_cell(t, line, o->name);
	cell_text(t, line, ns->subsystem);
	table_count(t, line, ns->nsid);
	table_cell(t, line, text_size(buf, ns->size_bytes));
	cell_usable(t, line, ns->usable_paths, strv_len(ns->paths));
	cell_health(t, line, namespace_health(ns));
	cell_text(t, line, ns_identifier(ns));
}

static void path_row(struct table *t, const struct model *m, const struct object *o)
{
	const struct path *p = (const struct path *) o;
	struct libscols_line *line = table_line(t, NULL);

	table_cell(t, line, o->name);
	cell_text(t, line, p->namespace);
	cell_text(t, line, p->controller);
	cell_place(t, line, p->ctrl);
	cell_text(t, line, p->ctrl ? p->ctrl->state : "");
	cell_text(t, line, p->ana_state);
	table_count(t, line, p->in_flight);
	cell_condition(t, line, m, p);
}

static void removal_row(struct table *t, const struct model *m, const struct object *o)
{
	const struct removal *r = (const struct removal *) o;
	struct libscols_line *line = table_line(t, NULL);
	char buf[TEXT_MAX];

	(void) m;
	table_cell(t, line, o->name);
	cell_text(t, line, r->kind);
	cell_text(t, line, r->target);
	cell_text(t, line, r->state);
	table_count(t, line, r->held);
	table_count(t, line, r->in_flight);
	table_cell(t, line, text_time(buf, r->started_usec));
	cell_text(t, line, r->reason);
	cell_text(t, line, r->detail);
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
