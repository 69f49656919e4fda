/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls that may block, off the main loop: each in a thread of its own, so
 * that one that hangs (a dead target, a stuck driver) holds up no other. And in
 * a lane with others of its kind, so that no number of them does.
 */
#ifndef NVMPATH_KERNEL_WORKER_H
#define NVMPATH_KERNEL_WORKER_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/macro.h"

struct worker;

/*
 * Calls share threads, and wait for each other's, within a lane alone: what
 * they wait for is of one kind. Those of the last three read disks, and anybody
 * may have them made.
 */
enum worker_lane {
	WORKER_UPKEEP,		/* by the daemon itself: Identify, settings kept */
	WORKER_RELEASE,		/* a path is given back */
	WORKER_HOLD,
	WORKER_REMOVAL,		/* detach, restore, Identify for a check */
	WORKER_FILES,		/* a removal's, when nothing is held: hooks, nvme-cli's */
	WORKER_PLAN,
	WORKER_HISTORY,
	WORKER_CONFIG,
	_WORKER_LANE_MAX,
};

int worker_new(sd_event *event, struct worker **ret);

/*
 * Drops our side. Calls that still run end unheard; their threads hold what
 * they need.
 */
struct worker *worker_free(struct worker *w);
DEFINE_CLEANUP(struct worker *, worker_free)

/* Runs in the thread; @arg is its own. Returns 0 or negative errno. */
typedef int (*worker_func_t)(void *arg);

/* Runs in the loop, exactly once for each call that was taken. */
typedef void (*worker_done_t)(void *userdata, int result, void *arg);

struct worker_call {
	enum worker_lane lane;
	worker_func_t func;
	void *arg;
	void (*free_arg)(void *arg);
	worker_done_t done;
	void *userdata;
	/*
	 * 0: none. After it @done hears -ETIMEDOUT with @arg NULL. What the
	 * thread brings later is dropped; until then it counts in its lane. A
	 * call that still waited for its turn is not made.
	 */
	uint64_t timeout_usec;
};

/*
 * Starts a call, or queues it behind those that run in its lane. Takes @arg,
 * also where it fails (-ENOMEM; -EAGAIN: no thread could be had; -EBUSY:
 * worker_is_full()). @done hears nothing then.
 */
int worker_submit(struct worker *w, const struct worker_call *call);

/* So many calls wait for their turn in that lane that no more are taken. */
bool worker_is_full(const struct worker *w, enum worker_lane lane);

/* A call with that @userdata waits for its turn: it sees what is there later. */
bool worker_waits(const struct worker *w, const void *userdata);

/* Calls whose @userdata this is are dropped unheard; one that waits is not made. */
void worker_forget(struct worker *w, const void *userdata);

#endif
