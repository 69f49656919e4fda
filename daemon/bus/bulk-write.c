/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file's text: for each kind a line of columns, then a line an object. */
#include <errno.h>
#include <inttypes.h>

#include "bulk.h"
#include "bulk-columns.h"

static void write_columns(const struct writer *w, enum object_kind kind)
{
	(void) fprintf(w->f, "#%s", object_kind_to_string(kind));
	for (const struct column *c = bulk_columns(kind); c->property; c++)
		(void) fprintf(w->f, "\t%s", c->property);
	(void) putc_unlocked('\n', w->f);
}

static void write_object(const struct writer *w, const struct column *columns,
			 const void *object)
{
	for (const struct column *c = columns; c->property; c++) {
		if (c != columns)
			(void) putc_unlocked('\t', w->f);
		c->put(w, c, object);
	}
	(void) putc_unlocked('\n', w->f);
}

#define WRITE(kind, object, n_)						\
	do {								\
		write_columns(w, kind);					\
		for (size_t i = 0; i < (n_); i++)			\
			write_object(w, bulk_columns(kind), object);	\
	} while (0)

static void write_all(const struct writer *w)
{
	const struct manager *m = w->b->m;
	const struct snapshot *s = m->now;

	(void) fputs("nvmpath-objects\t1\n", w->f);
	WRITE(OBJECT_SUBSYSTEM, &s->subsystems[i], s->n_subsystems);
	WRITE(OBJECT_CONTROLLER, &s->controllers[i], s->n_controllers);
	WRITE(OBJECT_NAMESPACE, &s->heads[i], s->n_heads);
	WRITE(OBJECT_PATH, &s->paths[i], s->n_paths);
	WRITE(OBJECT_REMOVAL, m->jobs[i], m->n_jobs);
}

/* Counts, sums up, then puts each path where its head's begin. */
static void group(const struct snapshot *s, uint32_t *head_of, uint32_t *first, uint32_t *paths)
{
	for (size_t i = 0; i < s->n_paths; i++) {
		const struct head *h = snapshot_head(s, s->paths[i].head);

		head_of[i] = h ? (uint32_t) (h - s->heads) : (uint32_t) s->n_heads;
		first[head_of[i] + 1]++;
	}
	for (size_t h = 0; h <= s->n_heads; h++)
		first[h + 1] += first[h];
	for (size_t i = 0; i < s->n_paths; i++)
		paths[first[head_of[i]]++] = (uint32_t) i;
	for (size_t h = s->n_heads + 1; h > 0; h--)
		first[h] = first[h - 1];
	first[0] = 0;
}

int bulk_write(const struct bus *b, FILE *f)
{
	const struct snapshot *s = b->m->now;
	/* one more head for paths whose head is not there */
	_cleanup_free_ uint32_t *first = calloc(s->n_heads + 2, sizeof(*first));
	_cleanup_free_ uint32_t *paths = calloc(s->n_paths + 1, sizeof(*paths));
	_cleanup_free_ uint32_t *head_of = calloc(s->n_paths + 1, sizeof(*head_of));
	struct writer w = { .b = b, .f = f, .first = first, .paths = paths };

	if (!first || !paths || !head_of)
		return -ENOMEM;
	group(s, head_of, first, paths);
	write_all(&w);
	return 0;
}
