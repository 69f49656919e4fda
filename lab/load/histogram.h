/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_LOAD_HISTOGRAM_H
#define NVMPATH_LOAD_HISTOGRAM_H

#include <stdint.h>

/*
 * Latencies in microseconds, in buckets of constant relative width: 16 to the
 * octave, so a percentile is read to within 1/16 (6 %) of its value. Values
 * below 16 are exact. Pure, fixed size, no allocation.
 */
#define HISTOGRAM_SUB_BITS 4
#define HISTOGRAM_SUBS (1 << HISTOGRAM_SUB_BITS)
#define HISTOGRAM_BUCKETS ((64 - HISTOGRAM_SUB_BITS + 1) * HISTOGRAM_SUBS)

struct histogram {
	uint64_t n;
	uint64_t max_usec;
	uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t usec);
void histogram_merge(struct histogram *into, const struct histogram *from);

/*
 * The value that permille of a thousand are not above, rounded up to its
 * bucket's end but never above the largest value seen; 0 when empty.
 */
uint64_t histogram_percentile(const struct histogram *h, unsigned int permille);

#endif
