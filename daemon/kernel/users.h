/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who uses a node whose commands no hold stops. */
#ifndef NVMPATH_KERNEL_USERS_H
#define NVMPATH_KERNEL_USERS_H

#include "base/lines.h"
#include "core/impact.h"

/* More of either kind is not looked for: nobody reads it. */
#define USERS_MAX 1000

struct users {
	struct lines open;	/* "PID COMM NODE" */
	struct lines mounts;	/* "NODE TARGET" (kernel/mounts.h) */
	unsigned hidden;	/* processes that could not be looked at */
};

void users_done(struct users *u);

/*
 * Passthrough goes to a controller by its own node (nvme3), to a path by its
 * generic one (ng0c3n1; 6.12 and 7.3 make none below a head): neither is multipath
 * I/O, nor is that of a controller's own disk (kernel/disk.h). Adds each process
 * that has one of @nodes open below @dev ("/dev"), itself and @but left out, and what
 * is mounted from one of them in the mount namespace of any process, or is swap. Hidden are those
 * of root, too, without CAP_SYS_PTRACE (where /proc hides them they are not even
 * counted), those of others without CAP_DAC_READ_SEARCH, since a process's folder
 * of descriptors is its user's alone (fs/proc/fd.c, proc_fd_permission()).
 * Reads all of /proc. -E2BIG: there are more, @ret has the first; -ENOMEM; negative errno where there is no /proc.
 */
int users_find(const char *dev, const struct names *nodes, pid_t but, struct users *ret);

#endif
