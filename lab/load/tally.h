/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_LOAD_TALLY_H
#define NVMPATH_LOAD_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "histogram.h"
#include "pattern.h"

/* Linux' errno values end at 133 (EHWPOISON). */
#define TALLY_ERRNO_MAX 134
#define TALLY_MISCOMPARES_KEPT 8

struct miscompare {
	enum pattern_verdict verdict;
	uint64_t lba;
	uint64_t oldest, newest;	/* generations that would have been right */
	uint64_t found_lba, found_generation;
	uint64_t at_usec;		/* realtime */
};

/*
 * What one worker counted. Written by that worker alone; the others read
 * through tally_get() while it runs, and anything once it has ended.
 */
struct tally {
	uint64_t ios;			/* completed: succeeded or failed */
	uint64_t reads, writes;		/* the same, by kind */
	uint64_t failed;
	uint64_t short_ios;		/* among the failed */
	uint64_t eagain_retries;	/* not among the failed */
	uint64_t verified;		/* reads whose content was judged */
	uint64_t unverified;		/* reads of blocks that were never written */
	uint64_t miscompares;
	uint64_t verify_blocks;		/* of the pass at the end */
	uint64_t verify_unreadable;
	uint64_t longest_usec;
	uint64_t longest_at_usec;	/* realtime, its start */
	int longest_errno;		/* how it ended */
	uint64_t errors[TALLY_ERRNO_MAX];
	struct miscompare kept[TALLY_MISCOMPARES_KEPT];
	struct histogram latency;	/* of those that succeeded */
};

static inline void tally_inc(uint64_t *counter)
{
	__atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
}

static inline uint64_t tally_get(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* res as of a completion: bytes or a negative errno. */
void tally_io(struct tally *t, bool write, int res, size_t want,
	      uint64_t latency_usec, uint64_t started_realtime_usec);
void tally_miscompare(struct tally *t, const struct miscompare *m);
void tally_merge(struct tally *into, const struct tally *from);

#endif
