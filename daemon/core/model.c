/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "model.h"

#define WORD_ENTRY_(suffix, word) word,

static const char *const object_kinds[] = {
	NVMPATH_OBJECT_KINDS(WORD_ENTRY_)
};
DEFINE_TABLE(object_kind, enum object_kind, object_kinds)

static const char *const features[] = {
	NVMPATH_KERNEL_FEATURES(WORD_ENTRY_)
};
DEFINE_TABLE(feature, enum feature, features)

int snapshot_new(struct snapshot **ret)
{
	struct snapshot *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	*ret = s;
	return 0;
}

struct snapshot *snapshot_free(struct snapshot *s)
{
	if (!s)
		return NULL;
	free(s->subsystems);
	free(s->controllers);
	free(s->heads);
	free(s->paths);
	free(s);
	return NULL;
}

/* Grows by doubling: full whenever the count is 0 or a power of two. */
static int append(void *array, size_t *n, const void *v, size_t size)
{
	void **items = array;

	if ((*n & (*n - 1)) == 0) {
		size_t room = *n ? *n * 2 : 1;
		void *grown = realloc(*items, room * size);

		if (!grown)
			return -ENOMEM;
		*items = grown;
	}
	memcpy((char *) *items + *n * size, v, size);
	(*n)++;
	return 0;
}

int snapshot_add_subsystem(struct snapshot *s, const struct subsystem *v)
{
	return append(&s->subsystems, &s->n_subsystems, v, sizeof(*v));
}

int snapshot_add_controller(struct snapshot *s, const struct controller *v)
{
	return append(&s->controllers, &s->n_controllers, v, sizeof(*v));
}

int snapshot_add_head(struct snapshot *s, const struct head *v)
{
	return append(&s->heads, &s->n_heads, v, sizeof(*v));
}

int snapshot_add_path(struct snapshot *s, const struct path *v)
{
	return append(&s->paths, &s->n_paths, v, sizeof(*v));
}

static int by_name(const void *a, const void *b)
{
	const struct object *x = a, *y = b;

	return str_compare_natural(x->name, y->name);
}

/* In place, no memory: qsort_r of the C library may ask for some. */
static void sort(void *array, size_t n, size_t size)
{
	char *items = array;
	char spare[sizeof(struct controller) + sizeof(struct path)];

	for (size_t i = 1; i < n; i++) {
		size_t low = 0, high = i;

		if (by_name(items + (i - 1) * size, items + i * size) <= 0)
			continue;
		while (low < high) {
			size_t mid = low + (high - low) / 2;

			if (by_name(items + mid * size, items + i * size) <= 0)
				low = mid + 1;
			else
				high = mid;
		}
		memcpy(spare, items + i * size, size);
		memmove(items + (low + 1) * size, items + low * size,
			(i - low) * size);
		memcpy(items + low * size, spare, size);
	}
}

void snapshot_sort(struct snapshot *s)
{
	sort(s->subsystems, s->n_subsystems, sizeof(*s->subsystems));
	sort(s->controllers, s->n_controllers, sizeof(*s->controllers));
	sort(s->heads, s->n_heads, sizeof(*s->heads));
	sort(s->paths, s->n_paths, sizeof(*s->paths));
}

static void *find(const void *array, size_t n, size_t size, const char *name)
{
	const char *items = array;
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct object *o = (const void *) (items + mid * size);
		int c = str_compare_natural(name, o->name);

		if (c == 0)
			return (void *) (uintptr_t) o;
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

struct subsystem *snapshot_subsystem(const struct snapshot *s, const char *name)
{
	return find(s->subsystems, s->n_subsystems, sizeof(*s->subsystems), name);
}

struct controller *snapshot_controller(const struct snapshot *s, const char *name)
{
	return find(s->controllers, s->n_controllers, sizeof(*s->controllers), name);
}

struct head *snapshot_head(const struct snapshot *s, const char *name)
{
	return find(s->heads, s->n_heads, sizeof(*s->heads), name);
}

struct path *snapshot_path(const struct snapshot *s, const char *name)
{
	return find(s->paths, s->n_paths, sizeof(*s->paths), name);
}

int snapshot_kind_of(const struct snapshot *s, const char *name,
		     enum object_kind *ret)
{
	if (snapshot_path(s, name))
		*ret = OBJECT_PATH;
	else if (snapshot_controller(s, name))
		*ret = OBJECT_CONTROLLER;
	else if (snapshot_head(s, name))
		*ret = OBJECT_NAMESPACE;
	else if (snapshot_subsystem(s, name))
		*ret = OBJECT_SUBSYSTEM;
	else
		return -ENXIO;
	return 0;
}

unsigned head_usable_paths(const struct snapshot *s, const char *head)
{
	unsigned n = 0;

	for (size_t i = 0; i < s->n_paths; i++)
		if (s->paths[i].usable && str_equal(s->paths[i].head, head))
			n++;
	return n;
}

uint32_t snapshot_features(const struct snapshot *s)
{
	uint32_t found = 0;

	for (size_t i = 0; i < s->n_paths; i++)
		found |= s->paths[i].features;
	return found;
}
