/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs.h"

#include <stdio.h>
#include <string.h>

#include "util.h"

static const struct verb verbs[] = {
	{ "status", verb_status, NULL, "one screen, with a verdict (the default)" },
	{ "list", verb_list, "[KIND]", "subsystem, controller, namespace, path or removal" },
	{ "tree", verb_tree, "[OBJECT]", "subsystems, their namespaces and paths" },
	{ "show", verb_show, "OBJECT", "all that is known of one object, and why it is not in use" },
	{ "stats", verb_stats, "[OBJECT]", "failovers, retries, errors, redirected I/O" },
	{ "hold", verb_hold, "OBJECT", "no new I/O over a path or controller" },
	{ "release", verb_release, "OBJECT", "end a hold" },
	{ "drain", verb_drain, "OBJECT", "hold, and wait until nothing is in flight" },
	{ "remove", verb_remove, "OBJECT", "hold, drain and detach, undone if it fails" },
	{ "restore", verb_restore, "OBJECT|ID", "bring back what remove took away" },
};

const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

void verbs_print_help(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		printf("  %-8s %-10s %s\n", verbs[i].name, verbs[i].object ?: "",
		       verbs[i].help);
}

enum verb_object verb_object(const struct verb *v)
{
	if (!v->object)
		return OBJECT_NONE;
	return *v->object == '[' ? OBJECT_OPTIONAL : OBJECT_REQUIRED;
}
