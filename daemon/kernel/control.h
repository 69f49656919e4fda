/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attributes of one path or controller: holds, in-flight counts, counters.
 * Every function checks by the inode that the object is still the one meant;
 * -ENODEV where it is not.
 */
#ifndef NVMPATH_KERNEL_CONTROL_H
#define NVMPATH_KERNEL_CONTROL_H

#include "core/model.h"

/*
 * Writes admin_state. Blocks for an SRCU grace period or two: worker only.
 * -EBUSY: the kernel says that it is the last usable path of its head;
 * -EOPNOTSUPP: the kernel has no such attribute.
 */
int path_write_hold(int root_fd, const struct path *p, bool hold);

/* Requests started and not yet ended, reads and writes together. */
int path_read_inflight(int root_fd, const struct path *p, int64_t *ret);

#define DRAIN_STATE_ENUM_(suffix, word) DRAIN_STATE_##suffix,
enum drain_state {
	NVMPATH_DRAIN_STATES(DRAIN_STATE_ENUM_)
	_DRAIN_STATE_MAX,
	_DRAIN_STATE_INVALID = -EINVAL,
};

/*
 * drain_state: whether anything of the head is left inside the held path, by
 * the kernel's own count. -EINVAL: a word that we do not know.
 */
int path_read_drain_state(int root_fd, const struct path *p, enum drain_state *ret);

/*
 * A descriptor for it, close() it: after each read from its beginning poll(2)
 * says with POLLPRI when it is another.
 */
int path_open_drain_state(int root_fd, const struct path *p);

/* Whether the queue counts them (queue/iostats). -ENODATA if it cannot be told. */
int path_read_iostats(int root_fd, const struct path *p, bool *ret);

/*
 * new_path_admin_state of a subsystem: how the paths of a new controller are
 * born. -ENOENT where the kernel has none.
 */
int subsystem_read_births(int root_fd, const char *subsystem, bool *ret_held);

/* False where it is known to be gone, and not where it cannot be looked at. */
bool path_is_there(int root_fd, const struct path *p);
bool controller_is_there(int root_fd, const struct controller *c);

/* Writes to an attribute of that very controller; -ENODEV where it is gone. */
int controller_write(int root_fd, const struct controller *c, const char *attr,
		     const char *text);

/* A counter below the object's folder, e.g. "diag/reset_count"; -1 unknown. */
int64_t path_read_counter(int root_fd, const struct path *p, const char *attr);
int64_t controller_read_counter(int root_fd, const struct controller *c,
				const char *attr);
int64_t head_read_counter(int root_fd, const struct head *h, const char *attr);

#endif
