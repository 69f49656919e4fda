/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the state means, in words for people. Pure over the model. */
#ifndef NVMPATH_CLI_DESCRIBE_H
#define NVMPATH_CLI_DESCRIBE_H

#include "model.h"

/* How well a namespace is reached; later is worse. UNKNOWN: it has no paths
 * that the bus names, as a namespace outside native multipath.
 */
#define HEALTHS(X)					\
	X(UNKNOWN, "-", "unknown")			\
	X(OK, "OK", "ok")				\
	X(DEGRADED, "DEGRADED", "degraded")		\
	X(LAST_PATH, "LAST PATH", "last-path")		\
	X(NO_PATH, "NO PATH", "no-path")

enum health {
#define X(suffix, word, key) HEALTH_##suffix,
	HEALTHS(X)
#undef X
	_HEALTH_MAX,
	_HEALTH_INVALID = -22,
};

const char *health_to_string(enum health h);
/* The word in JSON. */
const char *health_to_key(enum health h);
enum health namespace_health(const struct namespace *ns);
/* The worst of its namespaces. */
enum health subsystem_health(const struct model *m, const struct subsystem *s);
enum health model_health(const struct model *m);

/* "usable" or "standby" of a path that is not held, else NULL: it takes more to say. */
const char *path_condition_word(const struct model *m, const struct path *p);

/* One word or short phrase for a table: "usable", "standby", "HELD ...",
 * "controller connecting, ANA change". Allocated; NULL: no memory.
 */
char *path_condition(const struct model *m, const struct path *p, uint64_t now_usec);

/* A sentence for one word of path_state; the word itself where it is new. */
const char *reason_sentence(const char *word);

/* True while another usable path of the head is optimized and this is not. */
bool path_is_standby(const struct model *m, const struct path *p);

/* It changed its state often since nvmpathd started, and lately. */
bool path_is_flaky(const struct path *p, uint64_t now_usec);

/* "remove" -> "removal", for sentences; the other verbs are their own nouns. */
const char *verb_noun(const char *verb);
/* A removal whose state no longer changes by itself. */
bool removal_is_over(const struct removal *r);
/* Holds are there, nothing is detached: Cancel still works. */
bool removal_state_is_cancellable(const char *state);

#endif
