/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the actions share, one file an action. */
#ifndef NVMPATH_POLICY_ACT_PARTS_H
#define NVMPATH_POLICY_ACT_PARTS_H

#include "act.h"

/* A call of a removal's that blocks; has all it needs by value. */
struct task {
	worker_func_t func;
	int root_fd;
	const char *helper;
	const char *config_root;
	unsigned round;
	enum object_kind object_kind;
	struct path path;
	struct member member;
	uint64_t deadline_usec;
	bool answer;
	char detail[DETAIL_SIZE];
};

/*
 * Runs @func for that member in a worker, unless its turn comes after the
 * deadline: -ETIMEDOUT then. Where none can be had: negative
 * errno, and nobody hears anything.
 */
int task_start(struct job *j, size_t member, worker_func_t func,
	       worker_done_t done);
/* True where the answer belongs to a state that is over. */
bool task_too_late(const struct job *j, const struct task *t);
void task_take_detail(struct job *j, const struct task *t);

/* Runs the hooks, and goes on with @then if they were through in this state. */
void act_hooks_before(struct job *j, void (*then)(struct job *j));
/* Those of the end, where the others were begun and it rests. */
void act_hooks_after(struct job *j);

/*
 * Asks nvme-cli's configuration what sysfs does not show of the connections that
 * the removal will end, then goes on with act_configured(). Before anything is
 * held.
 */
void act_configure(struct job *j);
void act_configured(struct job *j);

void act_check(struct job *j);
void act_hold(struct job *j);
/* Those of its paths that it holds itself, and that are there: names, or -ENOMEM. */
int act_our_paths(const struct job *j, struct names *ret);
void act_release(struct job *j);
/* It is drained: holds that are older are its own from now on, and end with it. */
void act_take_over(struct job *j);
void act_watch(struct job *j);		/* one sample while it drains */
/* From here on the kernel tells, if it does, when to sample (act-notify.c). */
void act_notify_begin(struct job *j);
void act_note_timeout(struct job *j);
void act_detach(struct job *j);
void act_restore(struct job *j);
/* Begins to look for what returns; also after a restart. */
void act_return_look(struct job *j);
/* One look at what returns. */
void act_return_step(struct job *j);
/* Its path to that namespace, on the controller in the old place; NULL: not yet. */
const struct path *act_returned(const struct job *j, const struct target *t,
				const struct controller *c);
/* It is there, and each path of it that was usable is. */
bool act_member_is_back(const struct job *j, size_t member);
/* Names what is not back in Detail; 0 where all is, else the errno for that. */
int act_return_note(struct job *j);
/* The same of one member. */
void act_member_note(const struct job *j, size_t member, char *text, size_t size);
/* Remembers the first error of a member, with a phrase for people, or "". */
void act_member_failed(struct member *v, int error, const char *why);

/*
 * As soon as it is seen: holds each path of the member that returns which was
 * not tried yet, unless I/O would have no other.
 */
int act_return_hold(struct job *j, const struct controller *c);
/* Is a path of it held by this removal? */
bool act_return_holds(const struct job *j, const struct controller *c);
/* Lets the member's paths go, once. */
int act_return_release(struct job *j, size_t member);
/* Lets go what is through, or what I/O has no other path than. */
void act_return_let_go(struct job *j);
/* Nothing stays held for a restore that is over, whatever came of it. */
void act_return_end(struct job *j);

/*
 * Paths that were there when the removal was asked for may have gone since.
 * While it holds the last ones I/O would wait for it, and a detach would be
 * the end: better give them back. -EADDRINUSE then.
 */
int act_check_redundant(struct job *j);

/* Itself, else what has its place in the fabric or on the bus, whatever its name is now. */
const struct controller *act_find_member(const struct job *j,
					 const struct member *v);

#endif
