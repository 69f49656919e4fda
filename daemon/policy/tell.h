/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tells what happened: to the journal with fields, to the bus as the signal
 * Event, and to the daemon's own memory (history.h). Never waits.
 */
#ifndef NVMPATH_POLICY_TELL_H
#define NVMPATH_POLICY_TELL_H

#include "core/event.h"
#include "core/removal.h"
#include "job.h"
#include "manager.h"

/* Numbers and dates @e, then tells it. */
void tell_event(struct manager *m, struct event *e);

/* A path's state; @duration_usec is how long it was @from, 0 unknown. */
void tell_path(struct manager *m, enum event_id id, const struct path *p,
	       const char *from, const char *to, struct path_stats *s);

/* What a difference says beyond the path's own state: controller, ANA, hold. */
void tell_difference(struct manager *m, const struct difference *d);

/* Who holds the path is new: remembered for when it ends. */
void tell_note_hold(struct manager *m, const char *path);
/* The path was not held after all. */
void tell_forget_hold(struct manager *m, const char *path);

/* A removal left the state @before, in which it was for @duration_usec. */
void tell_removal(struct manager *m, const struct job *j,
		  enum removal_state before, uint64_t duration_usec);

/* The helper for admin commands came or went. */
void tell_helper(struct manager *m, const char *from, const char *to);

/* About the daemon itself. */
void tell_daemon(struct manager *m, enum event_id id, const char *from,
		 const char *to, const char *reason);

#endif
