/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The book of holds from within: for those who write in it. */
#ifndef NVMPATH_POLICY_HOLD_BOOK_H
#define NVMPATH_POLICY_HOLD_BOOK_H

#include "hold.h"

struct hold *hold_book_find(const struct manager *m, const char *path);

/* Into the book and on record, before anything is done. */
int hold_book_take(struct manager *m, const struct path *p,
		   const struct hold_owner *owner);

/*
 * The path's hold, which was @before until the hold with @serial took its place, is as it
 * was. Nothing where a third one came since, or it ended.
 */
void hold_book_return(struct manager *m, const struct hold *before, uint64_t serial);

/* Out of the book, and its record gone. */
void hold_book_drop(struct manager *m, const char *path);

#endif
