/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a removal would leave. */
#ifndef NVMPATH_CORE_IMPACT_H
#define NVMPATH_CORE_IMPACT_H

#include "model.h"

/* Names of paths or heads; grows, owned. */
struct names {
	char (*v)[NAME_SIZE];
	size_t n;
};

int names_add(struct names *names, const char *name);	/* -ENOMEM */
bool names_has(const struct names *names, const char *name);
void names_done(struct names *names);

/*
 * The paths that stand behind a path or a controller: the path itself, or all
 * that the controller carries. -ENXIO where there is no such object; an empty
 * list for a controller without namespaces.
 */
int impact_paths(const struct snapshot *s, enum object_kind kind,
		 const char *name, struct names *ret);

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

#endif
