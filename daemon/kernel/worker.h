/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls that may block, off the main loop: each in a thread of its own, so
 * that one that hangs (a dead target, a stuck driver) holds up no other.
 */
#ifndef NVMPATH_KERNEL_WORKER_H
#define NVMPATH_KERNEL_WORKER_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/macro.h"

struct worker;

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
	worker_func_t func;
	void *arg;
	void (*free_arg)(void *arg);
	worker_done_t done;
	void *userdata;
	/*
	 * 0: none. After it @done hears -ETIMEDOUT with @arg NULL, and what
	 * the thread brings later is dropped.
	 */
	uint64_t timeout_usec;
};

/*
 * Starts a call, or queues it behind those that run. Takes @arg, also where it
 * fails (-ENOMEM, -EAGAIN: no thread could be had). @done hears nothing then.
 */
int worker_submit(struct worker *w, const struct worker_call *call);

/* Calls whose @userdata this is will be dropped unheard. */
void worker_forget(struct worker *w, const void *userdata);

#endif
