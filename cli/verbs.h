/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs. Each runs with the bus open, says its own errors and returns an
 * exit code.
 */
#ifndef NVMPATH_CLI_VERBS_H
#define NVMPATH_CLI_VERBS_H

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include <nvmpath/words.h>

#include "args.h"

struct context {
	const struct args *args;
	sd_bus *bus;
};

/* object is the word after the verb, or NULL. */
typedef enum nvmpath_exit (*verb_fn)(const struct context *c, const char *object);

enum verb_flags {
	VERB_PAGES = 1,		/* its output may be long: through the pager */
	VERB_CHANGES = 2,	/* changes something: on several hosts planned first */
	VERB_COMMAND = 4,	/* a command follows its object */
	VERB_OWN_BUS = 8,	/* opens the bus itself, as it outlives it */
	VERB_HIDDEN = 16,	/* not in the help: for the completion of shells */
	VERB_PLANNED = 32,	/* what it changes, plan can foretell */
};

struct verb {
	const char *name;
	verb_fn run;
	const char *object;	/* how the help names it; in brackets when optional */
	const char *help;
	unsigned int flags;
};

/* NULL: unknown. */
const struct verb *verb_find(const char *name);
void verbs_print_help(void);
/* Names of all verbs, a line each. */
void verbs_print_names(void);

/* Whether the verb's word after it must, may or must not be there. */
enum verb_object { OBJECT_NONE, OBJECT_OPTIONAL, OBJECT_REQUIRED };
enum verb_object verb_object(const struct verb *v);

#define VERBS(X)								\
	X(status, "status", NULL, "a verdict (default)", VERB_PAGES)		\
	X(list, "list", "[KIND]", "path, controller, ...", VERB_PAGES)		\
	X(tree, "tree", "[OBJECT]", "what hangs on what", VERB_PAGES)		\
	X(show, "show", "OBJECT", "all facts, and why", VERB_PAGES)		\
	X(stats, "stats", "[OBJECT]", "counters, --since", VERB_PAGES)		\
	X(top, "top", "[OBJECT]", "live, sorted", VERB_OWN_BUS)			\
	X(monitor, "monitor", "[OBJECT]", "a line an event", VERB_OWN_BUS)	\
	X(history, "history", "[OBJECT]", "what happened when", VERB_PAGES)	\
	X(check, "check", "[OBJECT]", "for monitoring: 0-3", VERB_OWN_BUS)	\
	X(doctor, "doctor", NULL, "what is wrong, remedy", VERB_PAGES)		\
	X(metrics, "metrics", NULL, "for Prometheus", 0)			\
	X(plan, "plan", "OBJECT", "what would remain", VERB_PAGES)		\
	X(hold, "hold", "OBJECT", "no new I/O over it", VERB_CHANGES | VERB_PLANNED)	\
	X(release, "release", "OBJECT", "end a hold", VERB_CHANGES)		\
	X(drain, "drain", "OBJECT", "hold, until quiet", VERB_CHANGES | VERB_PLANNED) \
	X(remove, "remove", "OBJECT", "drain and detach", VERB_CHANGES | VERB_PLANNED)	\
	X(restore, "restore", "OBJECT|ID", "bring it back", VERB_CHANGES)	\
	X(cancel, "cancel", "OBJECT|ID", "undo a running one", VERB_CHANGES)	\
	X(with_held, "with-held", "OBJECT -- COMMAND", "",			\
	  VERB_CHANGES | VERB_COMMAND | VERB_PLANNED)				\
	X(complete, "complete", "[VERB]", "", VERB_HIDDEN)

#define X(fn, name, object, help, flags)					\
	enum nvmpath_exit verb_##fn(const struct context *c, const char *word);
VERBS(X)
#undef X

#endif
