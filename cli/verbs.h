/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs. Each runs with the bus open, says its own errors and returns an
 * exit code.
 */
#ifndef NVMPATH_CLI_VERBS_H
#define NVMPATH_CLI_VERBS_H

#include <systemd/sd-bus.h>

#include <nvmpath/words.h>

#include "args.h"

struct context {
	const struct args *args;
	sd_bus *bus;
};

/* object is the word after the verb, or NULL. */
typedef enum nvmpath_exit (*verb_fn)(const struct context *c, const char *object);

struct verb {
	const char *name;
	verb_fn run;
	const char *object;	/* how the help names it; in brackets when optional */
	const char *help;
};

/* NULL: unknown. */
const struct verb *verb_find(const char *name);
void verbs_print_help(void);

/* Whether the verb's word after it must, may or must not be there. */
enum verb_object { OBJECT_NONE, OBJECT_OPTIONAL, OBJECT_REQUIRED };
enum verb_object verb_object(const struct verb *v);

enum nvmpath_exit verb_status(const struct context *c, const char *object);
enum nvmpath_exit verb_list(const struct context *c, const char *object);
enum nvmpath_exit verb_tree(const struct context *c, const char *object);
enum nvmpath_exit verb_show(const struct context *c, const char *object);
enum nvmpath_exit verb_stats(const struct context *c, const char *object);
enum nvmpath_exit verb_hold(const struct context *c, const char *object);
enum nvmpath_exit verb_release(const struct context *c, const char *object);
enum nvmpath_exit verb_drain(const struct context *c, const char *object);
enum nvmpath_exit verb_remove(const struct context *c, const char *object);
enum nvmpath_exit verb_restore(const struct context *c, const char *object);

#endif
