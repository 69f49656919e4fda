/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "region.h"

#include <errno.h>
#include <stdlib.h>

int region_init(struct region *r, uint64_t first_lba, size_t n)
{
	if (!n)
		return -EINVAL;
	*r = (struct region) {
		.first_lba = first_lba,
		.n = n,
		.blocks = calloc(n, sizeof(*r->blocks)),
	};
	return r->blocks ? 0 : -ENOMEM;
}

void region_done(struct region *r)
{
	free(r->blocks);
	*r = (struct region) { 0 };
}

int region_take(struct region *r, uint64_t random, size_t *ret)
{
	size_t at = random % r->n;

	for (size_t i = 0; i < r->n; i++) {
		size_t b = at + i < r->n ? at + i : at + i - r->n;

		if (r->blocks[b].busy)
			continue;
		r->blocks[b].busy = true;
		*ret = b;
		return 0;
	}
	return -EAGAIN;
}

int region_take_verify(struct region *r, size_t *ret)
{
	while (r->next_verify < r->n) {
		size_t b = r->next_verify++;

		if (r->blocks[b].busy || !r->blocks[b].acked)
			continue;
		r->blocks[b].busy = true;
		*ret = b;
		return 0;
	}
	return -ENOENT;
}

uint32_t region_write_begin(struct region *r, size_t block)
{
	return ++r->blocks[block].tried;
}

void region_write_succeeded(struct region *r, size_t block, uint32_t generation)
{
	r->blocks[block].acked = generation;
}

void region_put(struct region *r, size_t block)
{
	r->blocks[block].busy = false;
}

bool region_expect(const struct region *r, size_t block, struct pattern_expect *ret)
{
	const struct block *b = &r->blocks[block];

	if (!b->acked)
		return false;
	ret->lba = r->first_lba + block;
	ret->oldest = b->acked;
	ret->newest = b->tried;
	return true;
}

size_t region_count_known(const struct region *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->blocks[i].acked > 0;
	return n;
}
