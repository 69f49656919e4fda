/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables and trees, printed by libsmartcols; large plain ones are drawn here, to
 * the same bytes (table-draw.c). Errors stick to the table and come out of
 * table_print(), so that filling one reads straight down.
 */
#ifndef NVMPATH_CLI_TABLE_H
#define NVMPATH_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "args.h"
#include "util.h"

/* COLUMN_CUT: the first to be shortened where a terminal is too narrow. */
enum column_kind { COLUMN_TEXT, COLUMN_NUMBER, COLUMN_TREE, COLUMN_CUT };

struct column {
	const char *title;
	enum column_kind kind;
};

#define TABLE_COLUMNS_MAX 32
#define TABLE_DEPTH_MAX 4

/* A cell's text is in the table's: they are many and short. */
struct cell {
	uint32_t at, length;
	const char *color;	/* of libsmartcols' ("red"); NULL: none */
};

struct table {
	/* The columns that are shown, from the left. */
	const struct column *columns[TABLE_COLUMNS_MAX];
	size_t n_columns;
	/* Where the cell of each of the verb's columns goes; -1: not asked for with -o. */
	int places[TABLE_COLUMNS_MAX];
	bool has_heads;
	/* A row's cells one after the other, n_columns of them. */
	struct cell *cells;
	unsigned char *depths;	/* of each row, 0 at the left */
	size_t n_rows, rows_size;
	char *text;		/* of all cells, each with its NUL */
	size_t used, text_size;
	bool is_plain;		/* printable ASCII without backslashes alone */
	size_t column;		/* of the next cell, among the verb's */
	int error;
};

/* Whether all that -o names are among these, of a verb with several tables; true without -o. */
bool table_fits(const struct args *args, const struct column *columns, size_t n);

/* -EINVAL, said: -o names a column that is none of these. Comes out of table_print(), too. */
void table_init(struct table *t, const struct args *args,
		const struct column *columns, size_t n);
void table_done(struct table *t);
#define _cleanup_table_ _cleanup_(table_done)

/* A new row; what follows are its cells. */
void table_line(struct table *t);
/* The same in a tree: below the last row of a smaller depth. Below TABLE_DEPTH_MAX. */
void table_line_at(struct table *t, unsigned int depth);

/* The row's next cell, from the left. NULL prints as "". */
void table_cell(struct table *t, const char *text);
/* The same in a colour of libsmartcols' ("red"), which lives on; NULL: none. */
void table_cell_color(struct table *t, const char *text, const char *color);
void table_count(struct table *t, int64_t value);

bool table_is_empty(const struct table *t);

/* 0 or the first error. An empty table prints nothing. */
int table_print(struct table *t);
/* The same into a text, allocated. */
int table_to_text(struct table *t, char **ret);

/* A cell's text: row and place from 0. */
static inline const char *table_text(const struct table *t, size_t row, size_t place)
{
	return t->text + t->cells[row * t->n_columns + place].at;
}

/*
 * From so many rows on a table is drawn here where that can be. What libsmartcols
 * spends on a row is 43,000 instructions, a hundred times as much; at 512 rows
 * that is a fifth of all that tree takes. In table-rows.c, so that tests can have
 * it otherwise.
 */
extern const size_t table_drawn_rows;

/*
 * Draws a table whose cells are plain, without colour where colours are wanted,
 * and fit into width columns (0: no limit). 0: that is not so, nothing was drawn;
 * 1: *ret is allocated, its size without a NUL; -ENOMEM.
 */
int table_draw(const struct table *t, unsigned int width, bool colors, char **ret,
	       size_t *ret_size);

#endif
