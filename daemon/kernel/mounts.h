/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is mounted from a disk. */
#ifndef NVMPATH_KERNEL_MOUNTS_H
#define NVMPATH_KERNEL_MOUNTS_H

#include <stdio.h>

#include "base/lines.h"
#include "core/impact.h"

#define MOUNTS_MAX 1000

/*
 * Adds "NODE TARGET" for each mount, in the mount namespace of the process @pid, of
 * one of @nodes (names of block devices below @dev, "/dev"), once each. The kernel's
 * number of the device decides, and the name that was mounted where a file system
 * has a number of its own (btrfs) or none. TARGET is the
 * folder as that process sees it, to the end of the line; a control character in it
 * is "?". 1, or 0 where the process is gone and nothing was looked at; -E2BIG: @ret has
 * MOUNTS_MAX, and there are more; -ENOMEM.
 */
int mounts_find(const char *pid, const char *dev, const struct names *nodes,
		struct lines *ret);

/* The same of lines that are mountinfo's; 0, -E2BIG, -ENOMEM. */
int mounts_read(FILE *f, const char *dev, const struct names *nodes, struct lines *ret);

/*
 * The same of swap: TARGET is "[SWAP]", lsblk's word. 0 also where the kernel has none;
 * -E2BIG, -ENOMEM. Source: /proc/swaps (swapon(8)).
 */
int swaps_find(const char *dev, const struct names *nodes, struct lines *ret);
int swaps_read(FILE *f, const char *dev, const struct names *nodes, struct lines *ret);

#endif
