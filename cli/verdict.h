/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one line at a removal's end, and its exit code. Pure over the model. */
#ifndef NVMPATH_CLI_VERDICT_H
#define NVMPATH_CLI_VERDICT_H

#include <nvmpath/words.h>

#include "model.h"

/* verb is what was asked for now: a removal can end as failed because its restore did. */
enum nvmpath_exit verdict_exit(const struct removal *r, const char *verb);

/*
 * before is the model as it was when the removal was asked for: it knows
 * which other paths the namespaces have. Allocated; NULL: no memory.
 */
char *verdict_text(const struct model *before, const struct removal *r, const char *verb);

#endif
