/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The book of holds from within: for those who write in it. */
#ifndef NVMPATH_POLICY_HOLD_BOOK_H
#define NVMPATH_POLICY_HOLD_BOOK_H

#include "hold.h"

struct hold *hold_book_find(const struct manager *m, const char *path);

/* Into the book and on record, before anything is done. */
int hold_book_take(struct manager *m, const struct path *p,
		   const struct hold_owner *owner);

/* Out of the book, and its record gone. */
void hold_book_drop(struct manager *m, const char *path);

#endif
