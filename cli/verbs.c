/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verbs.h"

#include <stdio.h>
#include <string.h>

#include "util.h"

static const struct verb verbs[] = {
#define X(fn, name, object, help, flags) { name, verb_##fn, object, help, flags },
	VERBS(X)
#undef X
};

const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

static void print_column(const struct verb *v, bool last)
{
	char name[40];

	(void) snprintf(name, sizeof(name), "%s %s", v->name, v->object ?: "");
	if (last)
		printf(" %-17s %s\n", name, v->help);
	else
		printf(" %-17s %-22s", name, v->help);
}

static size_t count_shown(void)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		n += !(verbs[i].flags & VERB_HIDDEN);
	return n;
}

/* Two columns, read downwards. The hidden ones are the last of the table. */
void verbs_print_help(void)
{
	size_t n = count_shown(), rows = (n + 1) / 2;

	for (size_t i = 0; i < rows; i++) {
		print_column(&verbs[i], i + rows >= n);
		if (i + rows < n)
			print_column(&verbs[i + rows], true);
	}
}

void verbs_print_names(void)
{
	for (size_t i = 0; i < count_shown(); i++)
		(void) puts(verbs[i].name);
}

enum verb_object verb_object(const struct verb *v)
{
	if (!v->object)
		return OBJECT_NONE;
	return *v->object == '[' ? OBJECT_OPTIONAL : OBJECT_REQUIRED;
}
