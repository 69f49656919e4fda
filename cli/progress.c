/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "describe.h"
#include "output.h"
#include "text.h"
#include "util.h"

#define CLEAR_LINE "\r\033[K"

void progress_init(struct progress *p, const struct args *args, const char *verb)
{
	const char *term = getenv("TERM");

	*p = (struct progress) {
		.verb = verb,
		.shown = !args->quiet,
		.terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0,
	};
}

static void print_state(const struct progress *p, const struct removal *r)
{
	_cleanup_free_ char *target = text_escape(r->target);
	char peak[TEXT_MAX], now[TEXT_MAX];

	fprintf(stderr, "%s %s: %s", p->verb, target ?: "", r->state);
	if (!strcmp(p->verb, "restore"))
		return;
	fprintf(stderr, "; held %u path%s", r->held, r->held == 1 ? "" : "s");
	if (r->in_flight_peak >= 0)
		fprintf(stderr, "; in flight %s -> %s", text_counter(peak, r->in_flight_peak),
			text_counter(now, r->in_flight));
}

/* What changes all the time is for a line that is written over. */
static void print_rest(const struct removal *r, int quiet)
{
	uint64_t now_usec = now_realtime_usec();
	char span[TEXT_MAX];

	if (quiet >= 0)
		fprintf(stderr, "; %d of %zu path%s quiet", quiet, strv_len(r->paths),
			strv_len(r->paths) == 1 ? "" : "s");
	if (!removal_is_over(r) && r->deadline_usec > now_usec)
		fprintf(stderr, "; %s left", text_duration(span, r->deadline_usec - now_usec));
}

bool progress_wants_paths(const struct progress *p, const struct removal *r)
{
	return p->shown && p->terminal && strv_len(r->paths) <= PROGRESS_PATHS_MAX &&
	       !strcmp(r->state, "draining");
}

void progress_show(struct progress *p, const struct removal *r, int quiet)
{
	if (!p->shown)
		return;
	if (p->terminal) {
		fputs(CLEAR_LINE, stderr);
		print_state(p, r);
		print_rest(r, quiet);
		p->open_line = true;
	} else if (strcmp(p->last, r->state)) {
		(void) snprintf(p->last, sizeof(p->last), "%s", r->state);
		print_state(p, r);
		fputc('\n', stderr);
	}
	(void) fflush(stderr);
}

void progress_break(struct progress *p)
{
	if (p->open_line)
		fputc('\n', stderr);
	p->open_line = false;
}

void progress_done(struct progress *p)
{
	if (p->open_line)
		fputs(CLEAR_LINE, stderr);
	p->open_line = false;
	(void) fflush(stderr);
}
