/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pattern.h"

#define SUM_WORD (offsetof(struct pattern_header, sum) / sizeof(uint64_t))
#define HEADER_WORDS (sizeof(struct pattern_header) / sizeof(uint64_t))

/* FNV's prime; the multiplication is followed by a rotation so that the
 * high bits of a word count as much as its low ones.
 */
#define SUM_PRIME UINT64_C(0x100000001b3)
#define SUM_START UINT64_C(0xcbf29ce484222325)

static uint64_t sum_step(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * SUM_PRIME;
	return sum << 29 | sum >> 35;
}

static uint64_t block_sum(const uint64_t *words, size_t n)
{
	uint64_t sum = SUM_START;

	for (size_t i = 0; i < n; i++)
		if (i != SUM_WORD)
			sum = sum_step(sum, words[i]);
	return sum;
}

static uint64_t xorshift(uint64_t x)
{
	x ^= x << 13;
	x ^= x >> 7;
	return x ^ x << 17;
}

void pattern_fill(void *buf, size_t size, uint64_t run, uint64_t lba, uint64_t generation)
{
	struct pattern_header *h = buf;
	uint64_t *words = buf;
	size_t n = size / sizeof(*words);
	uint64_t x = sum_step(sum_step(sum_step(SUM_START, run), lba), generation) | 1;

	*h = (struct pattern_header) {
		.magic = PATTERN_MAGIC,
		.run = run,
		.lba = lba,
		.generation = generation,
	};
	for (size_t i = HEADER_WORDS; i < n; i++)
		words[i] = x = xorshift(x);
	h->sum = block_sum(words, n);
}

enum pattern_verdict pattern_check(const void *buf, size_t size,
				   const struct pattern_expect *expect)
{
	const struct pattern_header *h = buf;

	if (h->magic != PATTERN_MAGIC || h->run != expect->run)
		return PATTERN_FOREIGN;
	if (h->sum != block_sum(buf, size / sizeof(uint64_t)))
		return PATTERN_CORRUPT;
	if (h->lba != expect->lba)
		return PATTERN_MISPLACED;
	if (h->generation < expect->oldest)
		return PATTERN_STALE;
	if (h->generation > expect->newest)
		return PATTERN_FUTURE;
	return PATTERN_GOOD;
}

const char *pattern_verdict_to_string(enum pattern_verdict verdict)
{
	static const char * const words[] = {
#define X(name, word) [PATTERN_##name] = word,
		PATTERN_VERDICTS(X)
#undef X
	};

	if ((unsigned int) verdict >= _PATTERN_VERDICT_MAX)
		return NULL;
	return words[verdict];
}
