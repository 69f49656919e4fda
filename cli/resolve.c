/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "resolve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "describe.h"
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

static void add_value(struct candidates *near, const char *value)
{
	for (size_t i = 0; i < near->n; i++)
		if (!strcmp(near->names[i], value))
			return;
	if (*value)
		add_candidate(near, value);
}

static int find_value(const struct model *m, const struct scope *scope, struct candidates *near)
{
	bool found = false;

	model_each(m, KIND_CONTROLLER, struct controller, c) {
		found |= scope_has_controller(scope, c);
		add_value(near, scope_value(c, scope->key));
	}
	return found ? 0 : -ENOENT;
}

int resolve_scope(const struct model *m, const char *text, struct scope *ret,
		  struct candidates *near)
{
	const char *value;
	int r;

	*near = (struct candidates) { 0 };
	*ret = (struct scope) { .key = scope_split(text, &value) };
	if (snprintf(ret->value, sizeof(ret->value), "%s", value) >= SCOPE_TEXT_MAX - 16)
		return -EINVAL;
	(void) snprintf(ret->text, sizeof(ret->text), "%s", text);
	if (ret->key == SCOPE_OBJECT) {
		r = resolve(m, text, &ret->object, near);
		if (r < 0)
			return r == -ENOENT && !near->n && strchr(text, '=') ? -EINVAL : r;
		(void) snprintf(ret->text, sizeof(ret->text), "%s", ret->object->name);
		return 0;
	}
	(void) snprintf(ret->text, sizeof(ret->text), "%s=%.*s", scope_key_to_string(ret->key),
			SCOPE_TEXT_MAX - 16, value);
	return find_value(m, ret, near);
}

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

typedef bool (*removal_test_fn)(const struct removal *r);

static int find_removal(const struct model *m, const char *text, removal_test_fn fits,
			struct removal **ret)
{
	struct removal *newest = NULL;

	text = strip_dev(text);
	if (is_number(text)) {
		*ret = (struct removal *) model_find(m, KIND_REMOVAL, text);
		return *ret ? 0 : -ENOENT;
	}
	for (size_t i = 0; i < m->lists[KIND_REMOVAL].n; i++) {
		struct removal *r = (struct removal *) m->lists[KIND_REMOVAL].objects[i];

		if (!strcmp(r->target, text) && fits(r) && (!newest || r->id > newest->id))
			newest = r;
	}
	*ret = newest;
	return newest ? 0 : -ENOENT;
}

static bool can_restore(const struct removal *r)
{
	return r->can_restore;
}

static bool is_running(const struct removal *r)
{
	return !removal_is_over(r);
}

int resolve_removal(const struct model *m, const char *text, struct removal **ret)
{
	return find_removal(m, text, can_restore, ret);
}

int resolve_running(const struct model *m, const char *text, struct removal **ret)
{
	return find_removal(m, text, is_running, ret);
}
