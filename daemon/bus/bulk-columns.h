/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the file's lines (bulk-write.c) and what stands in them (bulk-columns.c). */
#ifndef NVMPATH_BUS_BULK_COLUMNS_H
#define NVMPATH_BUS_BULK_COLUMNS_H

#include <stdio.h>

#include "object.h"

struct writer {
	const struct bus *b;
	FILE *f;
	/*
	 * The paths of each head, in order: paths[first[h]] to before
	 * paths[first[h + 1]]. Found once, not among all of them for each head.
	 */
	uint32_t *first;
	uint32_t *paths;
};

struct column {
	const char *property;
	void (*put)(const struct writer *w, const struct column *c, const void *object);
	size_t offset;			/* of the member, where put_ takes one */
	enum object_kind refers;	/* of put_name() */
};

/* Those of a kind, to the one without a property; the first names the object. */
const struct column *bulk_columns(enum object_kind kind);

#endif
