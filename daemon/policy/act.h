/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The actions of a removal: each ends in job_input(), now or later. */
#ifndef NVMPATH_POLICY_ACT_H
#define NVMPATH_POLICY_ACT_H

#include "job.h"

void act(struct job *j, enum removal_action action);

/* It drains no more: nothing listens any longer. */
void act_notify_end(struct job *j);

/* Time passed while it runs: sample, look around, mind the deadline. */
void act_tick(struct job *j);

/* How often act_tick() is due in this state; 0: never. */
uint64_t act_interval_usec(const struct job *j);

/* Where the target is now, by its key; NULL where it is not. Borrowed. */
const struct path *act_find_target(const struct job *j, const struct target *t);

/* What was asked for: still (or again) there, all of it, or any of it? */
bool act_all_there(const struct job *j);
bool act_any_there(const struct job *j);

#endif
