/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cleanup attributes and the few macros that every file uses. */
#ifndef NVMPATH_CLI_UTIL_H
#define NVMPATH_CLI_UTIL_H

#include <stdlib.h>

#define _cleanup_(f) __attribute__((cleanup(f)))
#define _cleanup_free_ _cleanup_(freep)
#define _printf_(fmt, args) __attribute__((format(printf, fmt, args)))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define USEC_PER_MSEC UINT64_C(1000)
#define USEC_PER_SEC UINT64_C(1000000)

static inline void freep(void *p)
{
	free(*(void **) p);
}

#endif
