/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "bus.h"
#include "json.h"
#include "output.h"
#include "plan.h"
#include "say.h"
#include "target.h"
#include "verbs.h"

/* As many names as a line carries; the table has the namespaces. */
#define NAMES_SHOWN 8

static void say_list(const char *label, char * const *list)
{
	size_t n = strv_len(list);

	for (size_t i = 0; i < n && i < NAMES_SHOWN; i++)
		say("%s: %s", label, list[i]);
	if (n > NAMES_SHOWN)
		say("%s: and %zu more", label, n - NAMES_SHOWN);
}

static enum nvmpath_exit print_namespaces(const struct context *c, const struct plan *p)
{
	static const struct column columns[] = {
		{ "NAMESPACE" }, { "USABLE NOW", COLUMN_NUMBER }, { "LEFT", COLUMN_NUMBER },
		{ "OPTIMIZED LEFT", COLUMN_NUMBER }, { "PORTS LEFT", COLUMN_NUMBER },
		{ "VERDICT" },
	};
	_cleanup_table_ struct table t;

	table_init(&t, c->args, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < p->n_namespaces; i++) {
		const struct plan_namespace *n = &p->namespaces[i];

		table_line(&t);
		table_cell(&t, n->name);
		table_count(&t, n->usable_now);
		table_count(&t, n->usable_left);
		table_count(&t, n->optimized_left);
		table_count(&t, n->ports_left);
		cell_verdict(&t, n->verdict);
	}
	return output_table(&t);
}

static void print_facts(const struct plan *p)
{
	say_list("Warning", p->warnings);
	say_list("In use by", p->users);
	if (*p->registry_owner)
		say("Owned by: %s, which may connect again what is taken away",
		    p->registry_owner);
	say_list("Restore lacks", p->restore_missing);
}

static void print_verdict(const struct plan *p, const char *target)
{
	_cleanup_free_ char *summary = p->n_namespaces ? plan_summary(p, target) : NULL;
	static const char * const ends[] = { "It may be removed.", "Redundancy would be less.",
					     "It would be refused." };

	say("%zu path%s%s%s. %s%s", strv_len(p->paths), strv_len(p->paths) == 1 ? "" : "s",
	    summary ? ": " : "", summary ?: "", ends[plan_severity(p)],
	    p->can_restore ? "" : " Nothing could bring it back: restore is not possible.");
	if (*p->refused)
		say("Refused: %s", p->refused);
}

static enum nvmpath_exit print_plan(const struct context *c, const struct plan *p,
				    const char *target)
{
	enum nvmpath_exit code = print_namespaces(c, p);

	if (c->args->no_legend || code != NVMPATH_EXIT_OK)
		return code;
	if (p->n_namespaces)
		(void) puts("");
	print_facts(p);
	print_verdict(p, target);
	return NVMPATH_EXIT_OK;
}

enum nvmpath_exit verb_plan(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	_cleanup_plan_ struct plan p = { 0 };
	enum nvmpath_exit code;
	struct scope s;

	code = bus_read_topology(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK)
		code = target_to_act_on(&m, "plan", object, &s);
	if (code == NVMPATH_EXIT_OK)
		code = plan_ask(c, s.text, &p);
	if (code != NVMPATH_EXIT_OK)
		return code;
	if (c->args->json) {
		struct json_object *doc = json_new_document();

		json_add(doc, "plan", plan_to_json(&p, s.text));
		json_print(doc, c->args->json);
	} else {
		code = print_plan(c, &p, s.text);
	}
	return code == NVMPATH_EXIT_OK && *p.refused ? NVMPATH_EXIT_REFUSED : code;
}
