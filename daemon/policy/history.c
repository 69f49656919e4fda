/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/journal.h"
#include "base/log.h"
#include "base/str.h"
#include "history.h"

/* Since it was asked for; then what was found. Hearing nothing at all: a bit later. */
#define READ_USEC (10 * USEC_PER_SEC)
#define PATIENCE_USEC (12 * USEC_PER_SEC)

void history_remember(struct history *h, const struct event *e)
{
	struct event *copy = h->size ? event_copy(e) : NULL;
	size_t at;

	if (!copy)
		return;
	at = (h->first + h->n) % h->size;
	if (h->n == h->size) {
		free(h->v[h->first]);
		h->first = (h->first + 1) % h->size;
	} else {
		h->n++;
	}
	h->v[at] = copy;
}

int history_resize(struct history *h, size_t size)
{
	struct event **v = calloc(size ? size : 1, sizeof(*v));
	size_t skip = h->n > size ? h->n - size : 0;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < h->n; i++) {
		struct event *e = h->v[(h->first + i) % h->size];

		if (i < skip)
			free(e);
		else
			v[i - skip] = e;
	}
	free(h->v);
	h->v = v;
	h->n -= skip;
	h->size = size;
	h->first = 0;
	return 0;
}

void history_done(struct history *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(h->v[(h->first + i) % h->size]);
	free(h->v);
	*h = (struct history) {};
}

struct reading {
	struct history_query query;
	char dir[256];
	struct event_list found;
};

struct request {
	struct manager *m;
	struct history_query query;
	history_done_t done;
	void *userdata;
};

static int read_journal(void *arg)
{
	struct reading *r = arg;

	return journal_read(r->dir[0] ? r->dir : NULL, &r->query, &r->found);
}

static void reading_free(void *arg)
{
	struct reading *r = arg;

	event_list_done(&r->found);
	free(r);
}

/* Both have number and time: what is there twice is dropped. */
static int add_remembered(const struct history *h, const struct history_query *q,
			  struct event_list *l)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < h->n; i++) {
		const struct event *e = h->v[(h->first + i) % h->size];

		if (history_wants(q, e))
			r = event_list_add(l, e);
	}
	event_list_sort(l, q->max);
	return r;
}

static void finish(struct request *q, struct event_list *l)
{
	int r = add_remembered(&q->m->history, &q->query, l);

	q->done(q->userdata, r, l);
	free(q);
}

static void on_read(void *userdata, int result, void *arg)
{
	struct request *q = userdata;
	struct reading *reading = arg;
	struct event_list none = {};

	if (result < 0)
		(void) log_warning_errno(result, "Failed to read the journal, answering from memory: %m");
	finish(q, reading ? &reading->found : &none);
	event_list_done(&none);
}

static int submit(struct manager *m, struct request *q)
{
	struct reading *r = calloc(1, sizeof(*r));
	struct worker_call call = {
		.lane = WORKER_HISTORY,
		.func = read_journal, .arg = r, .free_arg = reading_free,
		.done = on_read, .userdata = q, .timeout_usec = PATIENCE_USEC,
	};

	if (!r)
		return -ENOMEM;
	r->query = q->query;
	r->query.deadline_usec = now_monotonic_usec() + READ_USEC;
	STR_COPY(r->dir, m->config.journal_dir);
	return worker_submit(m->worker, &call);
}

int history_request(struct manager *m, const struct history_query *query,
		    history_done_t done, void *userdata)
{
	struct request *q;
	struct event_list none = {};
	int r;

	q = calloc(1, sizeof(*q));
	if (!q)
		return -ENOMEM;
	*q = (struct request) { .m = m, .query = *query, .done = done, .userdata = userdata };
	if (!journal_is_open() && !m->config.journal_dir) {
		finish(q, &none);
		event_list_done(&none);
		return 0;
	}
	r = submit(m, q);
	if (r < 0)
		free(q);
	return r;
}
