/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
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
