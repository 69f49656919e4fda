/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#include <errno.h>

#include "text.h"

static void add_column(struct table *t, const struct column *c)
{
	int flags = 0;

	switch (c->kind) {
	case COLUMN_TEXT:
		break;
	case COLUMN_NUMBER:
		flags = SCOLS_FL_RIGHT;
		break;
	case COLUMN_TREE:
		flags = SCOLS_FL_TREE;
		break;
	}
	if (!scols_table_new_column(t->scols, c->title, 0, flags))
		t->error = -ENOMEM;
}

void table_init(struct table *t, const struct args *args,
		const struct column *columns, size_t n)
{
	*t = (struct table) { .scols = scols_new_table() };
	if (!t->scols) {
		t->error = -ENOMEM;
		return;
	}
	if (args->no_legend)
		(void) scols_table_enable_noheadings(t->scols, 1);
	for (size_t i = 0; i < n; i++)
		add_column(t, &columns[i]);
}

void table_done(struct table *t)
{
	scols_unref_table(t->scols);
	t->scols = NULL;
}

struct libscols_line *table_line(struct table *t, struct libscols_line *parent)
{
	struct libscols_line *line;

	if (t->error < 0)
		return NULL;
	line = scols_table_new_line(t->scols, parent);
	if (!line)
		t->error = -ENOMEM;
	t->column = 0;
	return line;
}

void table_cell(struct table *t, struct libscols_line *line, const char *text)
{
	/* libsmartcols makes what is not printable safe when it prints */
	if (t->error >= 0 && scols_line_set_data(line, t->column++, text ?: "") < 0)
		t->error = -ENOMEM;
}

void table_count(struct table *t, struct libscols_line *line, int64_t value)
{
	char buf[TEXT_MAX];

	table_cell(t, line, text_counter(buf, value));
}

int table_print(struct table *t)
{
	if (t->error < 0)
		return t->error;
	if (scols_table_is_empty(t->scols))
		return 0;
	return scols_print_table(t->scols);
}
