/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What happened: the journal's entries, read in a worker, and what the daemon
 * remembers itself, put together. The memory answers for what the journal
 * does not have (yet): no journald, entries that were dropped or not written.
 */
#ifndef NVMPATH_POLICY_HISTORY_H
#define NVMPATH_POLICY_HISTORY_H

#include "core/event.h"
#include "kernel/journal-read.h"
#include "manager.h"

/* Remembers a copy; forgets the oldest where it is full. */
void history_remember(struct history *h, const struct event *e);
/* Keeps the newest @size. */
int history_resize(struct history *h, size_t size);
void history_done(struct history *h);

/*
 * @events is borrowed for the call, oldest first. @result is 0 also where the
 * journal could not be read: then it is what the daemon remembers.
 */
typedef void (*history_done_t)(void *userdata, int result,
			       const struct event_list *events);

/* -EBUSY: enough of these wait for their turn. @done is not called then. */
int history_request(struct manager *m, const struct history_query *q,
		    history_done_t done, void *userdata);

#endif
