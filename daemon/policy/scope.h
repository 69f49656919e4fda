/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a target names: the paths, and the controllers that carry them. */
#ifndef NVMPATH_POLICY_SCOPE_H
#define NVMPATH_POLICY_SCOPE_H

#include "core/impact.h"
#include "manager.h"

#define TARGET_SIZE (TRADDR_SIZE + 16)	/* KEY=VALUE */

struct scope {
	char target[TARGET_SIZE];	/* as asked for */
	enum object_kind kind;		/* OBJECT_PATH, or OBJECT_CONTROLLER: any number */
	struct names paths;
	struct names controllers;
	struct names subsystems;
};

/*
 * Looks @target up now. -ENXIO, -EMEDIUMTYPE or -ECONNREFUSED with a sentence
 * in @message; scope_done() whatever comes of it.
 */
int scope_find(const struct manager *m, const char *target, struct scope *ret,
	       char message[MESSAGE_SIZE]);
/* The same, also where there is no path: that is -ECONNREFUSED by scope_check(). */
int scope_look(const struct manager *m, const char *target, struct scope *ret,
	       char message[MESSAGE_SIZE]);
int scope_check(const struct scope *s, char message[MESSAGE_SIZE]);
void scope_done(struct scope *s);

#endif
