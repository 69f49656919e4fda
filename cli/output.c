/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "describe.h"
#include "say.h"
#include "text.h"

enum nvmpath_exit output_table(struct table *t)
{
	int r = table_print(t);

	if (r >= 0)
		return NVMPATH_EXIT_OK;
	/* -o, which was said */
	if (r == -EINVAL)
		return NVMPATH_EXIT_USAGE;
	say_error("cannot print: %s", strerror(-r));
	return NVMPATH_EXIT_FAILURE;
}

uint64_t now_realtime_usec(void)
{
	struct timespec ts;

	(void) clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t) ts.tv_sec * USEC_PER_SEC + (uint64_t) ts.tv_nsec / 1000;
}

void cell_place(struct table *t, const struct controller *c)
{
	table_cell(t, c ? c->place : "-");
}

void cell_condition(struct table *t, const struct model *m, const struct path *p)
{
	_cleanup_free_ char *condition = NULL;
	const char *word = path_condition_word(m, p);

	if (!word)
		word = condition = path_condition(m, p, now_realtime_usec());
	table_cell_color(t, word, p->usable ? NULL : "yellow");
}

void cell_health(struct table *t, enum health h)
{
	static const char * const colors[] = {
		[HEALTH_UNKNOWN] = NULL,
		[HEALTH_OK] = "green",
		[HEALTH_DEGRADED] = "yellow",
		[HEALTH_LAST_PATH] = "red",
		[HEALTH_NO_PATH] = "red",
	};

	table_cell_color(t, health_to_string(h), colors[h]);
}

void cell_verdict(struct table *t, const char *verdict)
{
	bool ok = !strcmp(verdict, "ok"), degraded = !strcmp(verdict, "degraded");

	table_cell_color(t, verdict, ok ? "green" : degraded ? "yellow" : "red");
}

void cell_text(struct table *t, const char *text)
{
	table_cell(t, text_or_dash(text));
}

void cell_usable(struct table *t, size_t usable, size_t n)
{
	char buf[TEXT_MAX];

	(void) snprintf(buf, sizeof(buf), "%zu/%zu", usable, n);
	table_cell(t, buf);
}
