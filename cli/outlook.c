/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "outlook.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What may go at once, the smallest first: that one is named if several would do. */
static const enum scope_key keys[] = { SCOPE_OBJECT, SCOPE_HOST_IFACE, SCOPE_TRADDR };

static const char *value_of(const struct path *p, enum scope_key key)
{
	if (key == SCOPE_OBJECT)
		return p->controller;
	return p->ctrl ? scope_value(p->ctrl, key) : "";
}

/* How many usable paths the namespace keeps without what this one has in common. */
static size_t count_left(const struct model *m, const struct namespace *ns,
			 enum scope_key key, const char *value)
{
	size_t left = 0;

	for (char **n = ns->paths; *n; n++) {
		const struct path *p = model_path(m, *n);

		left += p && p->usable && strcmp(value_of(p, key), value) != 0;
	}
	return left;
}

static void name_loss(char object[static SCOPE_TEXT_MAX], enum scope_key key, const char *value)
{
	(void) snprintf(object, SCOPE_TEXT_MAX, "%s%s%s", scope_key_to_string(key),
			key == SCOPE_OBJECT ? "" : "=", value);
}

/* The fewest paths that a single loss leaves, and which loss; SIZE_MAX: none is usable now. */
static size_t worst_of(const struct model *m, const struct namespace *ns,
		       char object[static SCOPE_TEXT_MAX])
{
	size_t worst = SIZE_MAX;

	for (size_t k = 0; k < ARRAY_SIZE(keys); k++)
		for (char **n = ns->paths; *n && worst; n++) {
			const struct path *p = model_path(m, *n);
			const char *value = p && p->usable ? value_of(p, keys[k]) : "";
			size_t left = *value ? count_left(m, ns, keys[k], value) : SIZE_MAX;

			if (left >= worst)
				continue;
			worst = left;
			name_loss(object, keys[k], value);
		}
	return worst;
}

static struct loss *loss_of(struct outlook *o, const char *object)
{
	struct loss *more;

	for (size_t i = 0; i < o->n; i++)
		if (!strcmp(o->losses[i].object, object))
			return &o->losses[i];
	more = reallocarray(o->losses, o->n + 1, sizeof(*more));
	if (!more)
		return NULL;
	o->losses = more;
	more[o->n] = (struct loss) { 0 };
	(void) snprintf(more[o->n].object, SCOPE_TEXT_MAX, "%s", object);
	return &more[o->n++];
}

static int add(struct outlook *o, const char *object, const char *namespace)
{
	struct loss *l = loss_of(o, object);
	const char **more = l ? reallocarray(l->namespaces, l->n + 1, sizeof(*more)) : NULL;

	if (!more)
		return -ENOMEM;
	l->namespaces = more;
	more[l->n++] = namespace;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct loss *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strverscmp(x->object, y->object);
}

void outlook_make(const struct model *m, struct outlook *ret)
{
	char object[SCOPE_TEXT_MAX];

	*ret = (struct outlook) { 0 };
	model_each(m, KIND_NAMESPACE, struct namespace, ns) {
		size_t left = worst_of(m, ns, object);

		ret->reached += left != SIZE_MAX;
		ret->nearly += left == 1;
		if (!left && add(ret, object, ns->object.name) < 0)
			ret->error = -ENOMEM;
	}
	if (ret->n)
		qsort(ret->losses, ret->n, sizeof(*ret->losses), compare);
}

void outlook_done(struct outlook *o)
{
	for (size_t i = 0; i < o->n; i++)
		free(o->losses[i].namespaces);
	free(o->losses);
	*o = (struct outlook) { 0 };
}
