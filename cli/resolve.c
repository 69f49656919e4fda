/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "resolve.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "text.h"

/* A name with more mistakes in it than this is another name. */
#define NEAR_EDITS 2

static const char *strip_dev(const char *text)
{
	return strncmp(text, "/dev/", 5) ? text : text + 5;
}

static void add_candidate(struct candidates *near, const char *name)
{
	if (near->n < RESOLVE_CANDIDATES)
		near->names[near->n++] = name;
}

static void find_near(const struct model *m, const char *text, struct candidates *near)
{
	for (size_t edits = 1; edits <= NEAR_EDITS && !near->n; edits++)
		for (int k = 0; k < KIND_REMOVAL; k++)
			for (size_t i = 0; i < m->lists[k].n; i++) {
				const char *name = m->lists[k].objects[i]->name;

				if (text_distance(text, name, NEAR_EDITS) == edits)
					add_candidate(near, name);
			}
}

static int find_nqn(const struct model *m, const char *nqn, const struct object **ret,
		    struct candidates *near)
{
	const struct object *hit = NULL;

	model_each(m, KIND_SUBSYSTEM, struct subsystem, s) {
		if (strcmp(s->nqn, nqn))
			continue;
		add_candidate(near, s->object.name);
		hit = &s->object;
	}
	if (near->n > 1)
		return -ENOTUNIQ;
	*ret = hit;
	return hit ? 0 : -ENOENT;
}

int resolve(const struct model *m, const char *text, const struct object **ret,
	    struct candidates *ret_near)
{
	const char *name = strip_dev(text);
	int r;

	*ret_near = (struct candidates) { 0 };
	for (int k = 0; k < _KIND_MAX; k++) {
		*ret = model_find(m, (enum object_kind) k, name);
		if (*ret)
			return 0;
	}
	r = find_nqn(m, text, ret, ret_near);
	if (r == -ENOENT)
		find_near(m, name, ret_near);
	return r;
}

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

int resolve_removal(const struct model *m, const char *text, const struct removal **ret)
{
	const struct removal *newest = NULL;

	text = strip_dev(text);
	if (is_number(text)) {
		*ret = (const struct removal *) model_find(m, KIND_REMOVAL, text);
		return *ret ? 0 : -ENOENT;
	}
	model_each(m, KIND_REMOVAL, struct removal, r)
		if (!strcmp(r->target, text) && r->can_restore &&
		    (!newest || r->id > newest->id))
			newest = r;
	*ret = newest;
	return newest ? 0 : -ENOENT;
}
