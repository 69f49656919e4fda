/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Event sources behind one interface. An event is a reason to look, nothing
 * more: a source says where something may have changed (core/hint.h). A lost,
 * doubled or reordered event cannot hurt; a source that lost some says
 * HINT_ALL.
 */
#ifndef NVMPATH_KERNEL_SOURCE_H
#define NVMPATH_KERNEL_SOURCE_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/macro.h"
#include "core/hint.h"

struct source;

/* In the loop. @h is borrowed for the call. The source may not be freed in it. */
typedef void (*hint_func_t)(void *userdata, const struct hint *h);

/* What a source needs to be made. */
struct source_config {
	sd_event *event;
	hint_func_t func;
	void *userdata;
};

/*
 * The kernel's own uevents (netlink group 1), not what udevd passes on tens of
 * milliseconds later. On a kernel of this series they tell of everything; on
 * others only of objects that come and go.
 */
int uevent_source_new(const struct source_config *c, struct source **ret);

/*
 * The tracepoint nvme:nvme_async_event in a tracefs instance of its own, below
 * @tracefs (/sys/kernel/tracing): ANA and namespace changes on any kernel.
 * -ENOENT: no tracefs, or the tracepoint is not there (yet).
 */
int trace_source_new(const struct source_config *c, const char *tracefs,
		     struct source **ret);

/* A timer, for what no event announces. */
int poll_source_new(const struct source_config *c, uint64_t interval_usec,
		    struct source **ret);

/* Lines of a recording (recording_hint()): a file, or a FIFO that goes on. */
int replay_source_new(const struct source_config *c, const char *path,
		      struct source **ret);

/* "uevent", "tracefs", "poll", "replay" */
const char *source_name(const struct source *s);
struct source *source_free(struct source *s);
DEFINE_CLEANUP(struct source *, source_free)

/* For the files of the sources: the first member of each. */
struct source {
	const char *name;
	void (*done)(struct source *s);
	hint_func_t func;
	void *userdata;
};

void source_tell(const struct source *s, const struct hint *h);
void source_tell_all(const struct source *s);

#endif
