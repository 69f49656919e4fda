/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tally.h"

#include <errno.h>

static int outcome(int res, size_t want)
{
	if (res < 0)
		return -res < TALLY_ERRNO_MAX ? -res : EIO;
	return (size_t) res == want ? 0 : -1;
}

void tally_io(struct tally *t, bool write, int res, size_t want,
	      uint64_t latency_usec, uint64_t started_realtime_usec)
{
	int err = outcome(res, want);

	tally_inc(&t->ios);
	tally_inc(write ? &t->writes : &t->reads);
	if (latency_usec >= t->longest_usec) {
		t->longest_at_usec = started_realtime_usec;
		t->longest_errno = err;
		__atomic_store_n(&t->longest_usec, latency_usec, __ATOMIC_RELAXED);
	}
	if (!err) {
		histogram_add(&t->latency, latency_usec);
		return;
	}
	tally_inc(&t->failed);
	if (err > 0)
		tally_inc(&t->errors[err]);
	else
		tally_inc(&t->short_ios);
}

void tally_miscompare(struct tally *t, const struct miscompare *m)
{
	if (t->miscompares < TALLY_MISCOMPARES_KEPT)
		t->kept[t->miscompares] = *m;
	tally_inc(&t->miscompares);
}

static void merge_kept(struct tally *into, const struct tally *from)
{
	uint64_t n = into->miscompares;

	for (uint64_t i = 0; i < from->miscompares && i < TALLY_MISCOMPARES_KEPT; i++)
		if (n < TALLY_MISCOMPARES_KEPT)
			into->kept[n++] = from->kept[i];
}

void tally_merge(struct tally *into, const struct tally *from)
{
	merge_kept(into, from);
	into->ios += from->ios;
	into->reads += from->reads;
	into->writes += from->writes;
	into->failed += from->failed;
	into->short_ios += from->short_ios;
	into->eagain_retries += from->eagain_retries;
	into->verified += from->verified;
	into->unverified += from->unverified;
	into->miscompares += from->miscompares;
	into->verify_blocks += from->verify_blocks;
	into->verify_unreadable += from->verify_unreadable;
	if (from->longest_usec > into->longest_usec) {
		into->longest_usec = from->longest_usec;
		into->longest_at_usec = from->longest_at_usec;
		into->longest_errno = from->longest_errno;
	}
	for (int i = 0; i < TALLY_ERRNO_MAX; i++)
		into->errors[i] += from->errors[i];
	histogram_merge(&into->latency, &from->latency);
}
