/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"

#define SIZE_MIN 64

/* Keys may be small numbers: spread them (Fibonacci hashing). */
static size_t first_slot(const struct index *x, uint64_t key)
{
	return (size_t) ((key * 0x9e3779b97f4a7c15ULL) >> 32) & (x->size - 1);
}

/* The key's slot, or the free one where it belongs. */
static struct index_slot *find(const struct index *x, uint64_t key)
{
	size_t i = first_slot(x, key);

	while (x->slots[i].at && x->slots[i].key != key)
		i = (i + 1) & (x->size - 1);
	return &x->slots[i];
}

size_t index_get(const struct index *x, uint64_t key)
{
	const struct index_slot *s = x->size ? find(x, key) : NULL;

	return s && s->at ? s->at - 1 : INDEX_NONE;
}

/* Never more than half full: a search ends soon. */
static int make_room(struct index *x)
{
	struct index grown = { .size = x->size ? x->size * 2 : SIZE_MIN, .n = x->n };

	if (2 * (x->n + 1) <= x->size)
		return 0;
	grown.slots = calloc(grown.size, sizeof(*grown.slots));
	if (!grown.slots)
		return -ENOMEM;
	for (size_t i = 0; i < x->size; i++)
		if (x->slots[i].at)
			*find(&grown, x->slots[i].key) = x->slots[i];
	free(x->slots);
	*x = grown;
	return 0;
}

int index_put(struct index *x, uint64_t key, size_t at)
{
	int r = make_room(x);

	if (r < 0)
		return r;
	*find(x, key) = (struct index_slot) { key, at + 1 };
	x->n++;
	return 0;
}

void index_clear(struct index *x)
{
	if (x->n)
		memset(x->slots, 0, x->size * sizeof(*x->slots));
	x->n = 0;
}

void index_done(struct index *x)
{
	free(x->slots);
	*x = (struct index) {};
}
