/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "say.h"
#include "text.h"

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

static bool has_column(const char *word, size_t n, const struct column *columns, size_t n_columns)
{
	for (size_t i = 0; i < n_columns; i++)
		if (is_title(columns[i].title, word, n))
			return true;
	return false;
}

bool table_fits(const struct args *args, const struct column *columns, size_t n)
{
	const char *words = args->columns ?: "";

	while (*words) {
		size_t length = strcspn(words, ",");

		if (!has_column(words, length, columns, n))
			return false;
		words += length + (words[length] == ',');
	}
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

static void place_column(struct table *t, const struct column *columns, size_t i)
{
	t->places[i] = (int) t->n_columns;
	t->columns[t->n_columns++] = &columns[i];
}

static int choose_column(struct table *t, const char *word, size_t n,
			 const struct column *columns, size_t n_columns)
{
	for (size_t i = 0; i < n_columns; i++)
		if (is_title(columns[i].title, word, n) && t->places[i] < 0) {
			place_column(t, columns, i);
			return 0;
		}
	say_columns(word, n, columns, n_columns);
	return -EINVAL;
}

/* The columns that -o names, in its order. */
static void choose_columns(struct table *t, const char *words, const struct column *columns,
			   size_t n_columns)
{
	do {
		size_t n = strcspn(words, ",");

		t->error = choose_column(t, words, n, columns, n_columns);
		words += n + (words[n] == ',');
	} while (*words && t->error >= 0);
}

void table_init(struct table *t, const struct args *args,
		const struct column *columns, size_t n)
{
	*t = (struct table) { .has_heads = !args->no_legend, .is_plain = true };
	for (size_t i = 0; i < n; i++)
		t->places[i] = -1;
	if (args->columns)
		choose_columns(t, args->columns, columns, n);
	else
		for (size_t i = 0; i < n; i++)
			place_column(t, columns, i);
}

void table_done(struct table *t)
{
	free(t->cells);
	free(t->depths);
	free(t->text);
	t->cells = NULL;
	t->depths = NULL;
	t->text = NULL;
}

/* Room for a row more. */
static int grow_rows(struct table *t)
{
	size_t n = t->rows_size ? 2 * t->rows_size : 16;
	unsigned char *depths;
	struct cell *cells;

	if (t->n_rows < t->rows_size)
		return 0;
	depths = reallocarray(t->depths, n, sizeof(*depths));
	if (!depths)
		return -ENOMEM;
	t->depths = depths;
	cells = reallocarray(t->cells, n, t->n_columns * sizeof(*cells));
	if (!cells)
		return -ENOMEM;
	t->cells = cells;
	t->rows_size = n;
	return 0;
}

/* Room for a text of n bytes and its NUL. The first is the empty one, of cells without any. */
static int grow_text(struct table *t, size_t n)
{
	size_t size = t->text_size ?: 4096;
	char *more;

	while (size < t->used + n + 2)
		size *= 2;
	if (size == t->text_size)
		return 0;
	more = realloc(t->text, size);
	if (!more)
		return -ENOMEM;
	t->text = more;
	t->text_size = size;
	if (!t->used)
		t->text[t->used++] = '\0';
	return 0;
}

void table_line_at(struct table *t, unsigned int depth)
{
	if (t->error < 0)
		return;
	if (grow_rows(t) < 0 || grow_text(t, 0) < 0) {
		t->error = -ENOMEM;
		return;
	}
	memset(&t->cells[t->n_rows * t->n_columns], 0, t->n_columns * sizeof(*t->cells));
	t->depths[t->n_rows++] = (unsigned char) depth;
	t->column = 0;
}

void table_line(struct table *t)
{
	table_line_at(t, 0);
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '\\')
			return false;
	return true;
}

void table_cell_color(struct table *t, const char *text, const char *color)
{
	size_t length = text ? strlen(text) : 0;
	int place;

	/* without a row there is no column to count either */
	if (t->error < 0)
		return;
	place = t->places[t->column++];
	if (place < 0)
		return;
	if (grow_text(t, length) < 0) {
		t->error = -ENOMEM;
		return;
	}
	t->cells[(t->n_rows - 1) * t->n_columns + (size_t) place] = (struct cell) {
		.at = (uint32_t) t->used, .length = (uint32_t) length, .color = color,
	};
	memcpy(t->text + t->used, text ?: "", length + 1);
	t->is_plain = t->is_plain && is_plain(t->text + t->used);
	t->used += length + 1;
}

void table_cell(struct table *t, const char *text)
{
	table_cell_color(t, text, NULL);
}

void table_count(struct table *t, int64_t value)
{
	char buf[TEXT_MAX];

	table_cell(t, text_counter(buf, value));
}

bool table_is_empty(const struct table *t)
{
	return !t->n_rows;
}
