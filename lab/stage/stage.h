/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_STAGE_H
#define NVMPATH_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What of a passthrough command lies on the page that nobody provides yet. */
enum park_what {
	/* The command itself: the kernel stops before it knows the command, on a head's
	 * node with head->srcu held (nvme_ns_head_ioctl).
	 */
	PARK_COMMAND,
	/* Its data: the kernel stops with the request allocated, so that the path's queue
	 * is entered and cannot be frozen (nvme_submit_user_cmd, blk_rq_map_user).
	 */
	PARK_DATA,
};

/*
 * Sends a read of namespace nsid by NVME_IOCTL_IO_CMD on device, which stops in the kernel at
 * a page fault; prints "parked" once it has, waits until the file "until" exists, lets it go on
 * and prints how it ended. Needs userfaultfd. Returns 0, or a negative errno if it did not park.
 */
int park(const char *device, uint32_t nsid, enum park_what what, const char *until);

/*
 * Reads 4 KiB "count" times with O_DIRECT by "threads" threads at once and prints
 * "reads=N errors=N EIO=N EOPNOTSUPP=N other=N slowest_ms=N". Returns 0, or a negative errno
 * if it could not begin.
 */
int read_many(const char *device, unsigned int count, unsigned int threads);

#endif
