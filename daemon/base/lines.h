/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of texts, owned, with NULL at its end once it has any. */
#ifndef NVMPATH_BASE_LINES_H
#define NVMPATH_BASE_LINES_H

#include "macro.h"

struct lines {
	char **v;	/* NULL while there are none */
	size_t n;
};

int lines_add(struct lines *l, const char *fmt, ...) _printf_(2, 3);	/* -ENOMEM */
void lines_done(struct lines *l);

#endif
