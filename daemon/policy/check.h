/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What may be done, said before anything is. Each function returns 0, or the
 * negative errno of NVMPATH_BUS_ERRORS with a sentence in @message that names
 * the objects.
 */
#ifndef NVMPATH_POLICY_CHECK_H
#define NVMPATH_POLICY_CHECK_H

#include "core/removal.h"
#include "scope.h"

/* @force: below the floors, but never the last usable path. */
int check_hold(const struct manager *m, const struct scope *s, bool force,
	       char message[MESSAGE_SIZE]);
int check_release(const struct manager *m, const struct scope *s,
		  char message[MESSAGE_SIZE]);
/*
 * Disks that these controllers have by themselves: -EADDRINUSE, unless forced. A
 * removal of the controller would take them away, and nothing else leads to them.
 */
int check_disks(const struct manager *m, const struct names *controllers, bool force,
		char message[MESSAGE_SIZE]);
int check_removal(const struct manager *m, enum removal_kind removal,
		  const struct scope *s, bool force, char message[MESSAGE_SIZE]);

/*
 * Would every namespace of @paths keep a usable path, and what its floor wants? Those that
 * are being held count as gone; with @jobs_too those of removals at work, too, which
 * one that waits for them must not see. -EADDRINUSE, -ECONNREFUSED (not with @force).
 */
int check_left(const struct manager *m, const char *target, const struct names *paths,
	       bool force, bool jobs_too, char message[MESSAGE_SIZE]);

/* The floor of that subsystem's namespaces. */
struct floor check_floor(const struct manager *m, const char *subsystem);

/* Is removing a single path what this controller can do? 0, -ECONNREFUSED. */
int check_ns_management(const struct controller *c,
			bool has_ns_management, char message[MESSAGE_SIZE]);

/*
 * -ECONNREFUSED where single paths cannot be detached: there is nobody to send
 * the command.
 */
int check_helper(const struct manager *m, const char *path, char message[MESSAGE_SIZE]);

#endif
