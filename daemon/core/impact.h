/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a removal would leave. */
#ifndef NVMPATH_CORE_IMPACT_H
#define NVMPATH_CORE_IMPACT_H

#include <sys/types.h>

#include "model.h"

/*
 * A set of kernel names in the order of snapshots; grows, owned. Names that
 * come in that order are added at its end: no set is built in quadratic time.
 */
struct names {
	char (*v)[NAME_SIZE];
	size_t n;
};

int names_add(struct names *names, const char *name);	/* -ENOMEM */
bool names_has(const struct names *names, const char *name);
/* Where it stands in @names, or -ENOENT. */
ssize_t names_index(const struct names *names, const char *name);
/* Do they share one? */
bool names_meet(const struct names *a, const struct names *b);
void names_done(struct names *names);

/*
 * The paths that stand behind a path or a controller: the path itself, or all
 * that the controller carries. -ENXIO where there is no such object; an empty
 * list for a controller without namespaces.
 */
int impact_paths(const struct snapshot *s, enum object_kind kind,
		 const char *name, struct names *ret);

/* The paths that any of these controllers carries. */
int impact_paths_of(const struct snapshot *s, const struct names *controllers,
		    struct names *ret);

/* The heads of these paths, each once. */
int impact_heads(const struct snapshot *s, const struct names *paths,
		 struct names *ret);

/*
 * The heads that would have no usable path without @paths. A path that cannot
 * take I/O now does not count, for whatever reason: a hold, its controller,
 * ANA. A head that has no usable path today is among them: taking a path away
 * would leave it with less than nothing.
 */
int impact_lost(const struct snapshot *s, const struct names *paths,
		struct names *ret);

#define VERDICT_ENUM_(suffix, word) VERDICT_##suffix,
enum verdict {
	NVMPATH_VERDICTS(VERDICT_ENUM_)
	_VERDICT_MAX,
	_VERDICT_INVALID = -EINVAL,
};
DECLARE_TABLE(verdict, enum verdict);

/* What a namespace must keep; 0 asks for nothing. */
struct floor {
	uint32_t min_usable;	/* usable paths */
	uint32_t min_ports;	/* target ports that they lead to */
};

/* One head, now and without some paths. Usable paths alone count. */
struct outlook {
	char head[NAME_SIZE];
	uint32_t usable, usable_left;
	uint32_t optimized, optimized_left;
	uint32_t ports, ports_left;	/* transport, traddr, trsvcid */
};

/* One for each head of @paths, in their order; free() *@ret. */
int outlook_new(const struct snapshot *s, const struct names *paths,
		struct outlook **ret, size_t *ret_n);

/*
 * last-path where no usable path would be left; below-floor where the floor
 * would be crossed by this (paths that are of no use today cross none);
 * degraded where a single path would be left, or none of the optimized ones.
 */
enum verdict outlook_judge(const struct outlook *o, const struct floor *f);

#endif
