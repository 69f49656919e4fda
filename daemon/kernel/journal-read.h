/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our own entries back from the journal. Blocks on files: worker only. */
#ifndef NVMPATH_KERNEL_JOURNAL_READ_H
#define NVMPATH_KERNEL_JOURNAL_READ_H

#include "core/event.h"

#define HISTORY_MAX 10000	/* events in one answer */

struct history_query {
	uint64_t since_usec;		/* realtime; 0: from the beginning */
	uint64_t until_usec;		/* realtime; 0: to now */
	char object[NQN_SIZE];		/* "": all (event_concerns()) */
	uint32_t max;			/* the newest so many; 1 to HISTORY_MAX */
	uint64_t deadline_usec;		/* monotonic: what is found by then */
};

/*
 * Appends to @ret, sorted, what was written by root (a trusted field of
 * journald's) under one of our MESSAGE_IDs. @dir: a folder of journal files,
 * NULL for the system's journal. -ETIMEDOUT where the deadline came first: what
 * was found stands in @ret. Other errors: the journal cannot be read.
 */
int journal_read(const char *dir, const struct history_query *q,
		 struct event_list *ret);

/*
 * One field of an entry, "NAME=value", into the event that is read; what is
 * not ours or malformed changes nothing.
 */
void journal_take_field(struct event *e, const char *data, size_t size);

/* Whether @e is what @q asks for. */
bool history_wants(const struct history_query *q, const struct event *e);

#endif
