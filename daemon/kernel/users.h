/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who has a node open whose commands no hold stops. */
#ifndef NVMPATH_KERNEL_USERS_H
#define NVMPATH_KERNEL_USERS_H

#include "base/lines.h"
#include "core/impact.h"

/*
 * Passthrough goes to a controller by its own node (nvme3), to a path by its
 * generic one (ng0c3n1; 6.12 and 7.3 make none below a head): neither is multipath
 * I/O. Adds "PID COMM NODE" for
 * each process that has one of @nodes open below @dev ("/dev"), itself and @but
 * left out. *@ret_hidden counts the processes that could not be looked at: those
 * of root, too, without CAP_SYS_PTRACE (where /proc hides them they are not even
 * counted), those of others without CAP_DAC_READ_SEARCH, since a process's folder
 * of descriptors is its user's alone (fs/proc/fd.c, proc_fd_permission()).
 * Reads all of /proc.
 */
int users_find(const char *dev, const struct names *nodes, pid_t but,
	       struct lines *ret, unsigned *ret_hidden);

#endif
