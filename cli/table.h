/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables and trees by libsmartcols. Errors stick to the table and come out
 * of table_print(), so that filling one reads straight down.
 */
#ifndef NVMPATH_CLI_TABLE_H
#define NVMPATH_CLI_TABLE_H

#include <libsmartcols.h>

#include "args.h"
#include "util.h"

/* COLUMN_CUT: the first to be shortened where a terminal is too narrow. */
enum column_kind { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_TREE, COLUMN_CUT };

struct column {
	const char *title;
	enum column_kind kind;
};

#define TABLE_COLUMNS_MAX 32

struct table {
	struct libscols_table *scols;
	/* Where the cell of each of the verb's columns goes; -1: not asked for with -o. */
	int places[TABLE_COLUMNS_MAX];
	size_t column;		/* of the next cell */
	int error;
};

/* -EINVAL, said: -o names a column that is none of these. Comes out of table_print(), too. */
void table_init(struct table *t, const struct args *args,
		const struct column *columns, size_t n);
void table_done(struct table *t);
#define _cleanup_table_ _cleanup_(table_done)

/* A new line; parent is NULL outside a tree. NULL once there was an error. */
struct libscols_line *table_line(struct table *t, struct libscols_line *parent);

/* The next cell of a line, from the left. NULL prints as "". */
void table_cell(struct table *t, struct libscols_line *line, const char *text);
/* The same in a colour of libsmartcols' ("red"); NULL: none. */
void table_cell_color(struct table *t, struct libscols_line *line, const char *text,
		      const char *color);
void table_count(struct table *t, struct libscols_line *line, int64_t value);

/* 0 or the first error. An empty table prints nothing. */
int table_print(struct table *t);

#endif
