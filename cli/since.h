/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stats --since: what the history says about each object since then. */
#ifndef NVMPATH_CLI_SINCE_H
#define NVMPATH_CLI_SINCE_H

#include "scope.h"
#include "verbs.h"

enum nvmpath_exit stats_since(const struct context *c, const struct model *m,
			      const struct scope *scope);

#endif
