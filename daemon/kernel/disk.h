/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A controller's own disks: what they are cut into, and what is made of them. */
#ifndef NVMPATH_KERNEL_DISK_H
#define NVMPATH_KERNEL_DISK_H

#include "base/lines.h"
#include "core/impact.h"
#include "core/model.h"

/*
 * Adds the disks that the controller has by itself: namespaces that are no path
 * of a head, since they are private to it (NMIC) or the kernel's multipath is off.
 * There is no other way to them. -ENODEV where it is gone or was replaced.
 */
int disk_find(int root_fd, const struct controller *c, struct names *ret);

/*
 * Adds to @ret_nodes the block devices by which one of these is used: itself and
 * its partitions; to @ret_holders "DEVICE NODE" for each device (dm-0, md127) that
 * the kernel has made of one of them. -ENOENT or -ENODEV where it is gone.
 */
int disk_look(int root_fd, const struct controller *c, const char *disk,
	      struct names *ret_nodes, struct lines *ret_holders);

#endif
