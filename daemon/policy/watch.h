/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where events become looks. Which sources there are, what they say is dirty,
 * and what is read for it: one path, one controller with its paths, or
 * everything.
 *
 * uevents are always heard. Until the kernel has shown that it tells of path,
 * ANA and controller states itself (event_seq of a controller, or NVME_SEQ in an
 * event), the tracepoint and the timer are used, too; after that they are let go.
 */
#ifndef NVMPATH_POLICY_WATCH_H
#define NVMPATH_POLICY_WATCH_H

#include "manager.h"

#define WATCH_SOURCES_MAX 4

struct watch;

/* Says what went wrong. Looks once, for what changed before it was there. */
int watch_new(struct manager *m, struct watch **ret);
struct watch *watch_free(struct watch *w);
DEFINE_CLEANUP(struct watch *, watch_free)

/* Everything was read. */
void watch_looked(struct watch *w);

/* The configured interval is another one. */
void watch_set_interval(struct watch *w, uint64_t usec);

/* Names of the sources that are in use now, borrowed. */
size_t watch_sources(const struct watch *w, const char *names[WATCH_SOURCES_MAX]);

/* Whether the kernel is known to tell of everything itself. */
bool watch_kernel_tells(const struct watch *w);

#endif
