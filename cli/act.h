/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The calls that change something, on a scope. All say what goes wrong. */
#ifndef NVMPATH_CLI_ACT_H
#define NVMPATH_CLI_ACT_H

#include "model.h"
#include "scope.h"
#include "verbs.h"

/* With the reason, the time to live and the flags of the arguments and those added. */
enum nvmpath_exit act_hold(const struct context *c, const struct scope *s, uint64_t flags);
enum nvmpath_exit act_release(const struct context *c, const struct scope *s);

/* member: "Drain" or "Remove"; verb names it in messages. The caller owns *ret. */
enum nvmpath_exit act_removal(const struct context *c, const struct scope *s, const char *verb,
			      const char *member, uint64_t flags, struct removal **ret);

/* Keeps the connection, and so what is bound to it, until SIGINT, SIGTERM or SIGHUP. */
void act_wait_bound(const char *what);

#endif
