/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Follows a removal until it rests: shows how it goes and lets the user
 * cancel it with Ctrl-C.
 */
#ifndef NVMPATH_CLI_FOLLOW_H
#define NVMPATH_CLI_FOLLOW_H

#include "model.h"
#include "verbs.h"

/*
 * From here on SIGINT and SIGTERM wait for follow_removal(): called before a
 * removal is asked for, so that none is left behind unwatched.
 */
void follow_block_signals(void);

/*
 * Returns OK once the removal rests, whatever its state then is; r is
 * current. verb: for what is shown. cancellable: SIGINT and SIGTERM call Cancel and wait for the
 * rollback, a second one ends the waiting (FAILURE). *ret_cancelled tells.
 */
enum nvmpath_exit follow_removal(const struct context *c, struct removal *r,
				 const char *verb, bool cancellable, bool *ret_cancelled);

#endif
