/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_LOAD_REGION_H
#define NVMPATH_LOAD_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pattern.h"

/*
 * The blocks that one worker owns, and what it knows of each. No other worker
 * touches them, so there is no lock; one I/O at a time per block, so what a
 * read must find is always known.
 */
struct block {
	uint32_t acked;		/* newest generation whose write succeeded, 0 none */
	uint32_t tried;		/* newest generation ever submitted */
	bool busy;
};

struct region {
	uint64_t first_lba;	/* in blocks, from the device's start */
	size_t n;
	size_t next_verify;
	struct block *blocks;
};

int region_init(struct region *r, uint64_t first_lba, size_t n);
void region_done(struct region *r);

/* Takes a block that no I/O is using, near the random place given; there is
 * always one while fewer I/Os than blocks are under way. -EAGAIN otherwise.
 */
int region_take(struct region *r, uint64_t random, size_t *ret);

/* Takes the next block, in order, whose content is known; -ENOENT at the end. */
int region_take_verify(struct region *r, size_t *ret);

/* A write is about to be submitted: its generation. */
uint32_t region_write_begin(struct region *r, size_t block);
void region_write_succeeded(struct region *r, size_t block, uint32_t generation);
void region_put(struct region *r, size_t block);

/* False while no write to the block has ever succeeded: then it may hold
 * anything.
 */
bool region_expect(const struct region *r, size_t block, struct pattern_expect *ret);

size_t region_count_known(const struct region *r);

#endif
