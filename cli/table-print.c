/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>

#include "table.h"
#include "terminal.h"

static int add_columns(struct libscols_table *s, const struct table *t)
{
	static const int flags[] = {
		[COLUMN_TEXT] = 0,
		[COLUMN_NUMBER] = SCOLS_FL_RIGHT,
		[COLUMN_TREE] = SCOLS_FL_TREE,
		[COLUMN_CUT] = SCOLS_FL_TRUNC,
	};

	for (size_t i = 0; i < t->n_columns; i++)
		if (!scols_table_new_column(s, t->columns[i]->title, 0,
					    flags[t->columns[i]->kind]))
			return -ENOMEM;
	return 0;
}

/* libsmartcols makes what is not printable safe when it prints. */
static int add_cells(struct libscols_line *line, const struct table *t, size_t row)
{
	for (size_t i = 0; i < t->n_columns; i++) {
		const char *color = t->cells[row * t->n_columns + i].color;

		if (scols_line_set_data(line, i, table_text(t, row, i)) < 0)
			return -ENOMEM;
		if (color && scols_cell_set_color(scols_line_get_cell(line, i), color) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_rows(struct libscols_table *s, const struct table *t)
{
	struct libscols_line *last[TABLE_DEPTH_MAX] = { NULL };

	for (size_t row = 0; row < t->n_rows; row++) {
		unsigned int depth = t->depths[row];

		last[depth] = scols_table_new_line(s, depth ? last[depth - 1] : NULL);
		if (!last[depth] || add_cells(last[depth], t, row) < 0)
			return -ENOMEM;
	}
	return 0;
}

static void fit_terminal(struct libscols_table *s)
{
	unsigned int width = terminal_width();

	(void) scols_table_set_termforce(s, width ? SCOLS_TERMFORCE_ALWAYS :
						    SCOLS_TERMFORCE_NEVER);
	if (width)
		(void) scols_table_set_termwidth(s, width);
	(void) scols_table_enable_colors(s, terminal_has_colors());
}

static void unref(struct libscols_table **s)
{
	scols_unref_table(*s);
}

/* NULL: no memory. */
static struct libscols_table *build(const struct table *t)
{
	_cleanup_(unref) struct libscols_table *s = scols_new_table();
	struct libscols_table *built = s;

	if (!s || add_columns(s, t) < 0 || add_rows(s, t) < 0)
		return NULL;
	(void) scols_table_enable_noheadings(s, !t->has_heads);
	fit_terminal(s);
	s = NULL;
	return built;
}

/* 0: it is for libsmartcols. */
static int draw(const struct table *t, char **ret, size_t *ret_size)
{
	if (t->n_rows < table_drawn_rows)
		return 0;
	return table_draw(t, terminal_width(), terminal_has_colors(), ret, ret_size);
}

int table_print(struct table *t)
{
	_cleanup_(unref) struct libscols_table *s = NULL;
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r;

	if (t->error < 0 || table_is_empty(t))
		return t->error;
	r = draw(t, &text, &size);
	if (r < 0)
		return r;
	if (r > 0) {
		/* a reader that is gone is found out at the end */
		(void) fwrite(text, 1, size, stdout);
		return 0;
	}
	s = build(t);
	return s ? scols_print_table(s) : -ENOMEM;
}

int table_to_text(struct table *t, char **ret)
{
	_cleanup_(unref) struct libscols_table *s = NULL;

	if (t->error < 0)
		return t->error;
	s = build(t);
	return s ? scols_print_table_to_string(s, ret) : -ENOMEM;
}
