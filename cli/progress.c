/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

void progress_show(struct progress *p, const struct removal *r)
{
	if (!p->shown)
		return;
	if (p->terminal) {
		fputs(CLEAR_LINE, stderr);
		print_state(p, r);
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
