/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What may stand after a verb, a word a line: for the completion of shells. */
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "describe.h"
#include "scope.h"
#include "text.h"
#include "util.h"
#include "verbs.h"

static void print_names(const struct model *m, enum object_kind kind)
{
	for (size_t i = 0; i < m->lists[kind].n; i++) {
		_cleanup_free_ char *name = text_escape(m->lists[kind].objects[i]->name);

		(void) puts(name ?: "");
	}
}

static void print_values(const struct model *m)
{
	for (int k = SCOPE_OBJECT + 1; k < _SCOPE_KEY_MAX; k++)
		model_each(m, KIND_CONTROLLER, struct controller, c) {
			const char *value = scope_value(c, (enum scope_key) k);
			_cleanup_free_ char *safe = text_escape(value);

			if (safe && *safe)
				printf("%s=%s\n", scope_key_to_string((enum scope_key) k), safe);
		}
}

static void print_removals(const struct model *m, bool running)
{
	model_each(m, KIND_REMOVAL, struct removal, r)
		if (running ? !removal_is_over(r) : r->can_restore)
			printf("%s\n%s\n", r->object.name, r->target);
}

static void print_objects(const struct model *m, const struct verb *v)
{
	if (!strcmp(v->name, "restore") || !strcmp(v->name, "cancel")) {
		print_removals(m, !strcmp(v->name, "cancel"));
		return;
	}
	print_names(m, KIND_PATH);
	print_names(m, KIND_CONTROLLER);
	print_values(m);
	if (v->flags & VERB_CHANGES || !strcmp(v->name, "plan"))
		return;
	print_names(m, KIND_NAMESPACE);
	print_names(m, KIND_SUBSYSTEM);
	model_each(m, KIND_SUBSYSTEM, struct subsystem, s)
		(void) puts(s->nqn);
}

enum nvmpath_exit verb_complete(const struct context *c, const char *word)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	const struct verb *v = word ? verb_find(word) : NULL;
	enum nvmpath_exit code;

	if (!v) {
		verbs_print_names();
		return NVMPATH_EXIT_OK;
	}
	if (!strcmp(v->name, "list")) {
		for (int k = 0; k <= KIND_REMOVAL; k++)
			(void) puts(object_kind_to_string((enum object_kind) k));
		return NVMPATH_EXIT_OK;
	}
	code = verb_object(v) == OBJECT_NONE ? NVMPATH_EXIT_OK : bus_read_topology(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK && verb_object(v) != OBJECT_NONE)
		print_objects(&m, v);
	return code;
}
