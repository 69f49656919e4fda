/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model.h"

#include <errno.h>
#include <string.h>

#include "props.h"
#include "util.h"

void model_done(struct model *m)
{
	for (int k = 0; k < _KIND_MAX; k++) {
		for (size_t i = 0; i < m->lists[k].n; i++)
			(void) object_free(m->lists[k].objects[i]);
		free(m->lists[k].objects);
	}
	if (m->manager)
		(void) object_free(&m->manager->object);
	*m = (struct model) { 0 };
}

/* Doubles at each power of two, so the array's size need not be kept. */
static int grow(struct object_list *list)
{
	struct object **more;

	if (list->n & (list->n - 1))
		return 0;
	more = realloc(list->objects, (list->n ? 2 * list->n : 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	list->objects = more;
	return 0;
}

int model_add(struct model *m, struct object *take_object)
{
	struct object_list *list = &m->lists[take_object->kind];

	if (grow(list) < 0) {
		(void) object_free(take_object);
		return -ENOMEM;
	}
	list->objects[list->n++] = take_object;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	const struct object *x = *(struct object * const *) a;
	const struct object *y = *(struct object * const *) b;

	return strverscmp(x->name, y->name);
}

struct object *model_find(const struct model *m, enum object_kind kind, const char *name)
{
	const struct object_list *list = &m->lists[kind];
	struct object key = { .name = (char *) name }, *keyp = &key, **hit;

	if (!list->n)
		return NULL;
	hit = bsearch(&keyp, list->objects, list->n, sizeof(*list->objects), compare_names);
	return hit ? *hit : NULL;
}

void model_finish(struct model *m)
{
	const struct object_list *paths = &m->lists[KIND_PATH];

	for (int k = 0; k < _KIND_MAX; k++)
		if (m->lists[k].n)
			qsort(m->lists[k].objects, m->lists[k].n,
			      sizeof(*m->lists[k].objects), compare_names);
	for (size_t i = 0; i < paths->n; i++) {
		struct path *p = (struct path *) paths->objects[i];

		p->ctrl = model_controller(m, p->controller);
		p->ns = model_namespace(m, p->namespace);
	}
}

const char *object_kind_to_string(enum object_kind kind)
{
	static const char * const words[] = {
#define X(suffix, word) [KIND_##suffix] = word,
		NVMPATH_OBJECT_KINDS(X)
#undef X
		[KIND_MANAGER] = "manager",
	};

	return kind >= 0 && kind < _KIND_MAX ? words[kind] : NULL;
}

size_t strv_len(char * const *list)
{
	size_t n = 0;

	while (list[n])
		n++;
	return n;
}

bool strv_has(char * const *list, const char *text)
{
	for (; *list; list++)
		if (!strcmp(*list, text))
			return true;
	return false;
}
