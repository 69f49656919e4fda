/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who has a node open whose commands no hold stops. */
#ifndef NVMPATH_KERNEL_USERS_H
#define NVMPATH_KERNEL_USERS_H

#include "base/lines.h"
#include "core/impact.h"

/*
 * Passthrough goes to a controller by its own node (nvme3), to a path by its
 * generic one (ng0c3n1): neither is multipath I/O. Adds "PID COMM NODE" for
 * each process that has one open below @dev ("/dev"), itself left out.
 * *@ret_hidden counts the processes that could not be looked at. Reads all of
 * /proc: worker only.
 */
int users_find(const char *dev, const struct names *controllers,
	       const struct names *paths, struct lines *ret,
	       unsigned *ret_hidden);

#endif
