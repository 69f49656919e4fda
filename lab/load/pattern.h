/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_LOAD_PATTERN_H
#define NVMPATH_LOAD_PATTERN_H

#include <stddef.h>
#include <stdint.h>

/*
 * What one block of a verified load holds. Pure: memory in, values out.
 *
 * A block starts with this header, in the machine's byte order (a run never
 * leaves its machine); the rest is a pseudo-random sequence seeded by it.
 */
struct pattern_header {
	uint64_t magic;
	uint64_t run;		/* tells the blocks of this run from older ones */
	uint64_t lba;		/* in units of the block size, from the device's start */
	uint64_t generation;	/* counts the writes to this block, from 1 */
	uint64_t sum;		/* over the whole block, this word left out */
};

#define PATTERN_MAGIC UINT64_C(0x0068746170766d6e)
#define PATTERN_BLOCK_MIN_BYTES 512

/* What a block that was read turned out to be. */
#define PATTERN_VERDICTS(X)			\
	X(GOOD, "good")				\
	X(FOREIGN, "foreign")			\
	X(CORRUPT, "corrupt")			\
	X(MISPLACED, "misplaced")		\
	X(STALE, "stale")			\
	X(FUTURE, "future")

enum pattern_verdict {
#define X(name, word) PATTERN_##name,
	PATTERN_VERDICTS(X)
#undef X
	_PATTERN_VERDICT_MAX,
};

/*
 * The content that a block may have. A write that failed may or may not have
 * reached the medium, so every generation from the last acknowledged one to
 * the newest one tried is right.
 */
struct pattern_expect {
	uint64_t run;
	uint64_t lba;
	uint64_t oldest;
	uint64_t newest;
};

/* Fills the block; buf is aligned to 8, size a multiple of 8 and at least
 * PATTERN_BLOCK_MIN_BYTES.
 */
void pattern_fill(void *buf, size_t size, uint64_t run, uint64_t lba, uint64_t generation);

/* Judges a block that was read. FOREIGN: no block of this run at all. */
enum pattern_verdict pattern_check(const void *buf, size_t size,
				   const struct pattern_expect *expect);

const char *pattern_verdict_to_string(enum pattern_verdict verdict);

#endif
