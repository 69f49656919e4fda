/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the topology from sysfs. Sends no command to any device. */
#ifndef NVMPATH_KERNEL_SCAN_H
#define NVMPATH_KERNEL_SCAN_H

#include "core/impact.h"
#include "core/model.h"

/*
 * A full look. What disappears meanwhile is left out; attributes that a
 * kernel lacks are "" or unknown. @before may be NULL; what cannot change in
 * an object's life is taken from it instead of being read again.
 * An error (-ENOMEM, -EMFILE, ...) means nothing can be said about anything:
 * the caller keeps what it knew. The NVMe classes not being there (the module
 * is not loaded) is an empty snapshot.
 */
int scan_all(int root_fd, const struct snapshot *before, struct snapshot **ret);

/*
 * One path again, and its controller's state with it. @p holds what was known
 * and gets what is now. -ENODEV where the path is gone or was replaced.
 */
int scan_path(int root_fd, struct path *p);

/*
 * A controller's state again. @c holds what was known and gets what is now.
 * -ENODEV where it is gone or was replaced.
 */
int scan_controller(int root_fd, struct controller *c);

bool scan_is_head_name(const char *name);	/* "nvme1n1" */

/* "nvme1c3n1" -> true and, if wanted, the head's name "nvme1n1". */
bool scan_is_path_name(const char *name, char head[NAME_SIZE]);

#endif
