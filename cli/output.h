/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the reading verbs share. */
#ifndef NVMPATH_CLI_OUTPUT_H
#define NVMPATH_CLI_OUTPUT_H

#include <nvmpath/words.h>

#include "describe.h"
#include "model.h"
#include "table.h"

/* Prints the table; says and maps its error. */
enum nvmpath_exit output_table(struct table *t);

uint64_t now_realtime_usec(void);

/* Cells made of several properties. */
void cell_place(struct table *t, const struct controller *c);
void cell_condition(struct table *t, const struct model *m, const struct path *p);
void cell_health(struct table *t, enum health h);
/* Of a plan: ok, degraded, below-floor, last-path. */
void cell_verdict(struct table *t, const char *verdict);
void cell_text(struct table *t, const char *text);
void cell_usable(struct table *t, size_t usable, size_t n);

#endif
