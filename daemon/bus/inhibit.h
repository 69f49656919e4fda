/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a shutdown or suspend does to removals, and they to it (docs/REMOVAL.md). */
#ifndef NVMPATH_BUS_INHIBIT_H
#define NVMPATH_BUS_INHIBIT_H

struct bus;

int inhibit_new(struct bus *b);
void inhibit_done(struct bus *b);

/* Takes logind's lock where a removal is at work, gives it back where none is. */
void inhibit_update(struct bus *b);

#endif
