/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cleanup attributes and the few macros that every file uses. */
#ifndef NVMPATH_BASE_MACRO_H
#define NVMPATH_BASE_MACRO_H

#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f) __attribute__((cleanup(f)))
#define _cleanup_free_ _cleanup_(freep)
#define _cleanup_close_ _cleanup_(closep)
#define _printf_(fmt, args) __attribute__((format(printf, fmt, args)))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Hands the pointer on and forgets it: no cleanup will see it any more. */
#define TAKE_PTR(p)				\
	({					\
		__typeof__(p) *pp_ = &(p);	\
		__typeof__(p) taken_ = *pp_;	\
		*pp_ = NULL;			\
		taken_;				\
	})

#define TAKE_FD(fd)				\
	({					\
		int *pfd_ = &(fd);		\
		int fd_ = *pfd_;		\
		*pfd_ = -EBADF;			\
		fd_;				\
	})

/* X_free takes NULL and returns NULL; this makes X_freep for _cleanup_(). */
#define DEFINE_CLEANUP(type, func)			\
	static inline void func##p(type *p)		\
	{						\
		if (*p)					\
			(void) func(*p);		\
	}

static inline void freep(void *p)
{
	free(*(void **) p);
}

static inline void closep(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#endif
