/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "histogram.h"

static unsigned int bucket_of(uint64_t usec)
{
	unsigned int shift;

	if (usec < HISTOGRAM_SUBS)
		return (unsigned int) usec;
	shift = 63 - (unsigned int) __builtin_clzll(usec) - HISTOGRAM_SUB_BITS;
	/* usec >> shift lies in [SUBS, 2 * SUBS) */
	return shift * HISTOGRAM_SUBS + (unsigned int) (usec >> shift);
}

static uint64_t bucket_last(unsigned int bucket)
{
	unsigned int shift;
	uint64_t base;

	if (bucket < 2 * HISTOGRAM_SUBS)
		return bucket;
	shift = bucket / HISTOGRAM_SUBS - 1;
	base = bucket % HISTOGRAM_SUBS + HISTOGRAM_SUBS;
	return (base << shift) + ((UINT64_C(1) << shift) - 1);
}

void histogram_add(struct histogram *h, uint64_t usec)
{
	h->n++;
	h->buckets[bucket_of(usec)]++;
	if (usec > h->max_usec)
		h->max_usec = usec;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	into->n += from->n;
	if (from->max_usec > into->max_usec)
		into->max_usec = from->max_usec;
	for (unsigned int i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->buckets[i] += from->buckets[i];
}

uint64_t histogram_percentile(const struct histogram *h, unsigned int permille)
{
	uint64_t rank, seen = 0, last;

	if (!h->n)
		return 0;
	rank = (h->n * permille + 999) / 1000;
	for (unsigned int i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen < rank || !seen)
			continue;
		last = bucket_last(i);
		return last < h->max_usec ? last : h->max_usec;
	}
	return h->max_usec;
}
