/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <malloc.h>
#include <sys/mman.h>

#include "memory.h"

int memory_lock(void)
{
	int r;

	if (mlockall(MCL_CURRENT) < 0)
		return -errno;
	/* Without MCL_CURRENT what is there stays as it is (mm/mlock.c). */
	if (mlockall(MCL_FUTURE | MCL_ONFAULT) == 0)
		return 0;
	r = -errno;
	(void) munlockall();
	return r;
}

/*
 * glibc raises both thresholds with each large buffer that is freed (mallopt(3)), up to
 * 32 MiB: one answer with all objects, and megabytes stay. Once set they stay where they are.
 */
void memory_give_back(void)
{
	(void) mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	(void) mallopt(M_TRIM_THRESHOLD, 128 * 1024);
}
