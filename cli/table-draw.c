/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libsmartcols prints where nothing has to be cut, escaped or coloured. */
#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

/* Columns and bytes of one level of a tree's lines, at most. */
#define ART_COLUMNS 2
#define ART_BYTES 6

struct art {
	const char *branch, *right, *vertical;
};

struct drawing {
	const struct table *table;
	const struct art *art;
	size_t widths[TABLE_COLUMNS_MAX];
	bool *is_last;			/* of each row, among those below the same one */
	bool ended[TABLE_DEPTH_MAX];	/* of the last row drawn at each depth */
	char *to;
};

static const struct art *choose_art(void)
{
	static const struct art ascii = { "|-", "`-", "| " }, utf8 = { "├─", "└─", "│ " };

	return strcmp(nl_langinfo(CODESET), "UTF-8") ? &ascii : &utf8;
}

static bool is_tree(const struct table *t, size_t place)
{
	return t->columns[place]->kind == COLUMN_TREE;
}

static bool has_color(const struct table *t)
{
	for (size_t i = 0; i < t->n_rows * t->n_columns; i++)
		if (t->cells[i].color)
			return true;
	return false;
}

static size_t widest(const struct table *t, size_t place)
{
	size_t widest = strlen(t->columns[place]->title);

	for (size_t row = 0; row < t->n_rows; row++) {
		size_t art = is_tree(t, place) ? ART_COLUMNS * t->depths[row] : 0;
		size_t n = t->cells[row * t->n_columns + place].length + art;

		widest = n > widest ? n : widest;
	}
	return widest;
}

/* The width of all, with one column between two. */
static size_t measure(struct drawing *d)
{
	size_t sum = 0;

	for (size_t i = 0; i < d->table->n_columns; i++) {
		d->widths[i] = widest(d->table, i);
		sum += d->widths[i] + !!i;
	}
	return sum;
}

/* From below: a row is the last one unless another of its depth was seen since a smaller one. */
static void find_last(struct drawing *d)
{
	bool seen[TABLE_DEPTH_MAX] = { false };

	for (size_t row = d->table->n_rows; row-- > 0;) {
		unsigned int depth = d->table->depths[row];

		d->is_last[row] = !seen[depth];
		seen[depth] = true;
		for (unsigned int below = depth + 1; below < TABLE_DEPTH_MAX; below++)
			seen[below] = false;
	}
}

static void put(struct drawing *d, const char *text, size_t n)
{
	memcpy(d->to, text, n);
	d->to += n;
}

static void put_spaces(struct drawing *d, size_t n)
{
	memset(d->to, ' ', n);
	d->to += n;
}

/* Returns the columns that it takes. */
static size_t draw_art(struct drawing *d, size_t row)
{
	unsigned int depth = d->table->depths[row];

	d->ended[depth] = d->is_last[row];
	if (!depth)
		return 0;
	for (unsigned int above = 1; above < depth; above++) {
		const char *line = d->ended[above] ? "  " : d->art->vertical;

		put(d, line, strlen(line));
	}
	put(d, d->ended[depth] ? d->art->right : d->art->branch, strlen(d->art->branch));
	return ART_COLUMNS * depth;
}

/* used: the columns that a tree's lines have taken already. */
static void draw_cell(struct drawing *d, size_t place, const char *text, size_t n, size_t used)
{
	bool is_number = d->table->columns[place]->kind == COLUMN_NUMBER;
	bool is_last = place + 1 == d->table->n_columns;
	size_t left = d->widths[place] - used - n;

	if (is_number)
		put_spaces(d, left);
	put(d, text, n);
	if (is_last)
		*d->to++ = '\n';
	else
		put_spaces(d, is_number ? 1 : left + 1);
}

static void draw_heads(struct drawing *d)
{
	for (size_t i = 0; i < d->table->n_columns; i++) {
		const char *title = d->table->columns[i]->title;

		draw_cell(d, i, title, strlen(title), 0);
	}
}

static void draw_row(struct drawing *d, size_t row)
{
	for (size_t i = 0; i < d->table->n_columns; i++) {
		size_t used = is_tree(d->table, i) ? draw_art(d, row) : 0;

		draw_cell(d, i, table_text(d->table, row, i),
			  d->table->cells[row * d->table->n_columns + i].length, used);
	}
}

static void draw_all(struct drawing *d)
{
	find_last(d);
	if (d->table->has_heads)
		draw_heads(d);
	for (size_t row = 0; row < d->table->n_rows; row++)
		draw_row(d, row);
}

int table_draw(const struct table *t, unsigned int width, bool colors, char **ret, size_t *ret_size)
{
	struct drawing d = { .table = t, .art = choose_art() };
	_cleanup_free_ bool *is_last = NULL;
	size_t line;

	if (!t->is_plain || (colors && has_color(t)))
		return 0;
	line = measure(&d) + 1;
	if (width && line > width + 1)
		return 0;
	d.is_last = is_last = malloc(t->n_rows * sizeof(*is_last));
	d.to = *ret = malloc((t->n_rows + 1) * (line + ART_BYTES * TABLE_DEPTH_MAX));
	if (!is_last || !d.to) {
		free(d.to);
		return -ENOMEM;
	}
	draw_all(&d);
	*ret_size = (size_t) (d.to - *ret);
	return 1;
}
