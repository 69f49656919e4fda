/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a removal goes: one line that is written over on a terminal, one line a
 * step otherwise. On stderr, so that stdout has the verdict alone.
 */
#ifndef NVMPATH_CLI_PROGRESS_H
#define NVMPATH_CLI_PROGRESS_H

#include "args.h"
#include "model.h"

struct progress {
	const char *verb;
	bool shown;
	bool terminal;
	bool open_line;		/* the cursor stands behind a line to be written over */
	char last[24];		/* state of the last line */
};

void progress_init(struct progress *p, const struct args *args, const char *verb);
/* quiet: how many of its paths have nothing in flight; -1: not known. */
void progress_show(struct progress *p, const struct removal *r, int quiet);
/* Whether the next line has room for quiet: asking takes a call a path. */
#define PROGRESS_PATHS_MAX 32
bool progress_wants_paths(const struct progress *p, const struct removal *r);
/* Before anything else is printed. */
void progress_break(struct progress *p);
/* At the end: the line on a terminal goes away. */
void progress_done(struct progress *p);

#endif
