/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a 64-bit key to a position in somebody's array: a hash table. */
#ifndef NVMPATH_BASE_INDEX_H
#define NVMPATH_BASE_INDEX_H

#include <stddef.h>
#include <stdint.h>

#define INDEX_NONE SIZE_MAX

struct index_slot {
	uint64_t key;
	size_t at;		/* one more than the position; 0: free */
};

/* All zero is an empty one. */
struct index {
	struct index_slot *slots;
	size_t size;		/* 0 or a power of two */
	size_t n;
};

/* INDEX_NONE where there is none. */
size_t index_get(const struct index *x, uint64_t key);

/* A key that is not there yet. -ENOMEM: it is not there then either. */
int index_put(struct index *x, uint64_t key, size_t at);

/* Forgets all keys, keeps the room. */
void index_clear(struct index *x);
void index_done(struct index *x);

#endif
