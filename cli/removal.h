/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking for a removal and seeing it to its end: drain, remove, restore. */
#ifndef NVMPATH_CLI_REMOVAL_H
#define NVMPATH_CLI_REMOVAL_H

#include "model.h"
#include "verbs.h"

/*
 * Follows the removal, says its verdict (or prints it as JSON) and gives the
 * exit code. before: the model from before it was asked for; verb: "drain",
 * "remove" or "restore", for what is said.
 */
enum nvmpath_exit removal_see_through(const struct context *c, const struct model *before,
				      struct removal *r, const char *verb, bool cancellable);

/* Calls the removal's method "Cancel" or "Restore"; what is for the error's line. */
enum nvmpath_exit removal_call(const struct context *c, const struct removal *r,
			       const char *member, const char *what);

/* Restores what it took away and follows that to its end. before: as above. */
enum nvmpath_exit removal_restore(const struct context *c, const struct model *before,
				  struct removal *r);

/* Follows a removal that was cancelled: undone is what was wanted. */
enum nvmpath_exit removal_see_cancelled(const struct context *c, struct removal *r);

#endif
