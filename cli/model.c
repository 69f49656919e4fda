/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "props.h"
#include "util.h"

void model_done(struct model *m)
{
	for (int k = 0; k < _KIND_MAX; k++) {
		for (size_t i = 0; i < m->lists[k].n; i++)
			(void) object_free(m->lists[k].objects[i]);
		free(m->lists[k].objects);
		free(m->lists[k].by_name);
	}
	if (m->manager)
		(void) object_free(&m->manager->object);
	free(m->text);
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

/* nvmpathd hands them over in this order: looking is all that it takes then. */
static void sort(struct object_list *list)
{
	for (size_t i = 1; i < list->n; i++)
		if (compare_names(&list->objects[i - 1], &list->objects[i]) > 0) {
			qsort(list->objects, list->n, sizeof(*list->objects), compare_names);
			return;
		}
}

/*
 * FNV-1a, and the next free place where there is something already. hsearch_r()
 * is no use here: it sums up characters, and names that differ in their numbers
 * alone fall on each other (120 million instructions for 4,096 paths, not 2).
 */
static struct object **place_of(const struct object_list *list, const char *name)
{
	uint32_t hash = UINT32_C(2166136261);
	size_t i;

	for (const char *c = name; *c; c++)
		hash = (hash ^ (unsigned char) *c) * UINT32_C(16777619);
	i = hash & list->mask;
	while (list->by_name[i] && strcmp(list->by_name[i]->name, name))
		i = (i + 1) & list->mask;
	return &list->by_name[i];
}

/* At least half of the places stay free. */
static int index_names(struct object_list *list)
{
	size_t size = 2;

	while (size < 2 * list->n)
		size *= 2;
	free(list->by_name);
	list->by_name = calloc(size, sizeof(*list->by_name));
	if (!list->by_name)
		return -ENOMEM;
	list->mask = size - 1;
	for (size_t i = 0; i < list->n; i++)
		*place_of(list, list->objects[i]->name) = list->objects[i];
	return 0;
}

struct object *model_find(const struct model *m, enum object_kind kind, const char *name)
{
	const struct object_list *list = &m->lists[kind];

	return list->by_name ? *place_of(list, name) : NULL;
}

char *controller_place(const struct controller *c)
{
	char *text;

	if (!strcmp(c->transport, "pcie")) {
		if (asprintf(&text, "pcie %s", *c->traddr ? c->traddr : c->address) < 0)
			return NULL;
		return text;
	}
	if (asprintf(&text, "%s %s%s%s%s%s", c->transport, c->traddr,
		     *c->trsvcid ? ":" : "", c->trsvcid,
		     *c->host_iface ? " " : "", c->host_iface) < 0)
		return NULL;
	return text;
}

static int name_places(struct model *m)
{
	for (size_t i = 0; i < m->lists[KIND_CONTROLLER].n; i++) {
		struct controller *c = (struct controller *) m->lists[KIND_CONTROLLER].objects[i];

		free(c->place);
		c->place = controller_place(c);
		if (!c->place)
			return -ENOMEM;
	}
	return 0;
}

static void link_paths(struct model *m)
{
	for (size_t i = 0; i < m->lists[KIND_PATH].n; i++) {
		struct path *p = (struct path *) m->lists[KIND_PATH].objects[i];

		p->ctrl = model_controller(m, p->controller);
		p->ns = model_namespace(m, p->namespace);
	}
}

int model_finish(struct model *m)
{
	for (int k = 0; k < _KIND_MAX; k++) {
		sort(&m->lists[k]);
		if (index_names(&m->lists[k]) < 0)
			return -ENOMEM;
	}
	link_paths(m);
	return name_places(m);
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
