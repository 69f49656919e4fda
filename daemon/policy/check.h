/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What may be done, said before anything is. Each function fills @paths with
 * the paths that stand behind the object, or returns the negative errno of
 * NVMPATH_BUS_ERRORS with a sentence in @message that names the objects.
 */
#ifndef NVMPATH_POLICY_CHECK_H
#define NVMPATH_POLICY_CHECK_H

#include "core/impact.h"
#include "core/removal.h"
#include "manager.h"

int check_hold(const struct manager *m, enum object_kind kind, const char *name,
	       struct names *paths, char message[MESSAGE_SIZE]);
int check_release(const struct manager *m, enum object_kind kind,
		  const char *name, struct names *paths,
		  char message[MESSAGE_SIZE]);
int check_removal(const struct manager *m, enum removal_kind removal,
		  enum object_kind kind, const char *name, struct names *paths,
		  char message[MESSAGE_SIZE]);

/* Is removing a single path what this controller can do? 0, -ECONNREFUSED. */
int check_ns_management(const struct controller *c,
			bool has_ns_management, char message[MESSAGE_SIZE]);

#endif
