/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "say.h"
#include "terminal.h"
#include "text.h"

static void add_column(struct table *t, const struct column *c)
{
	static const int flags[] = {
		[COLUMN_TEXT] = 0,
		[COLUMN_NUMBER] = SCOLS_FL_RIGHT,
		[COLUMN_TREE] = SCOLS_FL_TREE,
		[COLUMN_CUT] = SCOLS_FL_TRUNC,
	};

	if (!scols_table_new_column(t->scols, c->title, 0, flags[c->kind]))
		t->error = -ENOMEM;
}

/* Case does not matter, and "usable_now" is "USABLE NOW". */
static bool is_title(const char *title, const char *word, size_t n)
{
	if (strlen(title) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (strncasecmp(&title[i], &word[i], 1) && !(title[i] == ' ' && word[i] == '_'))
			return false;
	return true;
}

static void say_columns(const char *word, size_t n, const struct column *columns, size_t n_columns)
{
	char titles[512];
	size_t used = 0;

	titles[0] = '\0';
	for (size_t i = 0; i < n_columns && used < sizeof(titles); i++)
		used += (size_t) snprintf(titles + used, sizeof(titles) - used, "%s%s",
					  i ? ", " : "", columns[i].title);
	say_error("-o %.*s: no such column here; there is %s", (int) n, word, titles);
}

static int place_column(struct table *t, const char *word, size_t n,
			const struct column *columns, size_t n_columns, int place)
{
	for (size_t i = 0; i < n_columns; i++)
		if (is_title(columns[i].title, word, n) && t->places[i] < 0) {
			t->places[i] = place;
			add_column(t, &columns[i]);
			return 0;
		}
	say_columns(word, n, columns, n_columns);
	return -EINVAL;
}

/* The columns that -o names, in its order. */
static void choose_columns(struct table *t, const char *words, const struct column *columns,
			   size_t n_columns)
{
	int place = 0;

	for (size_t i = 0; i < n_columns; i++)
		t->places[i] = -1;
	while (*words && t->error >= 0) {
		size_t n = strcspn(words, ",");

		if (place_column(t, words, n, columns, n_columns, place++) < 0)
			t->error = -EINVAL;
		words += n + (words[n] == ',');
	}
}

static void fit_terminal(struct table *t)
{
	unsigned int width = terminal_width();

	(void) scols_table_set_termforce(t->scols, width ? SCOLS_TERMFORCE_ALWAYS :
						   SCOLS_TERMFORCE_NEVER);
	if (width)
		(void) scols_table_set_termwidth(t->scols, width);
	(void) scols_table_enable_colors(t->scols, terminal_has_colors());
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
	fit_terminal(t);
	if (args->columns) {
		choose_columns(t, args->columns, columns, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		t->places[i] = (int) i;
		add_column(t, &columns[i]);
	}
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

void table_cell_color(struct table *t, struct libscols_line *line, const char *text,
		      const char *color)
{
	int place;

	/* without a line there is no column to count either */
	if (t->error < 0)
		return;
	place = t->places[t->column++];
	if (place < 0)
		return;
	/* libsmartcols makes what is not printable safe when it prints */
	if (scols_line_set_data(line, (size_t) place, text ?: "") < 0 ||
	    (color && scols_cell_set_color(scols_line_get_cell(line, (size_t) place), color) < 0))
		t->error = -ENOMEM;
}

void table_cell(struct table *t, struct libscols_line *line, const char *text)
{
	table_cell_color(t, line, text, NULL);
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
