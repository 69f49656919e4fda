/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_LOAD_WORKER_H
#define NVMPATH_LOAD_WORKER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "options.h"
#include "region.h"
#include "tally.h"

/*
 * One thread of the load: it keeps its slots full, judges what comes back and
 * goes on, whatever that was.
 */
struct worker;

/*
 * IDLE		takes the next job
 * FLYING	submitted, no completion yet
 * WAITING	the same I/O is submitted again after not_before_usec
 * RESTING	idle after not_before_usec
 */
enum slot_state { SLOT_IDLE, SLOT_FLYING, SLOT_WAITING, SLOT_RESTING };

/* state and started_usec are read by the main thread while others write. */
struct slot {
	enum slot_state state;
	uint64_t started_usec;		/* monotonic, of the first submission */
	uint64_t not_before_usec;	/* monotonic */
	void *buf;
	size_t block;
	uint32_t generation;
	unsigned int tries;
	bool write;
	int res;			/* for engines that complete at once */
};

/*
 * An engine gets I/Os to the kernel and their results back through
 * worker_complete(). All of it runs in the worker's own thread. reap() waits
 * no longer than wait_usec for a first completion and may return at once.
 * Errors of open(), submit() and reap() end the worker; an I/O's own error
 * is a completion.
 */
struct engine {
	int (*open)(struct worker *w);
	void (*close)(struct worker *w);
	int (*submit)(struct worker *w, struct slot *s);
	int (*reap)(struct worker *w, uint64_t wait_usec);
	unsigned int max_depth;		/* 0: no limit */
};

extern const struct engine engine_uring;
extern const struct engine engine_sync;

enum worker_phase { PHASE_FILL, PHASE_RUN, PHASE_VERIFY, PHASE_ENDED };

struct worker {
	const struct load_options *options;
	const struct engine *engine;
	void *engine_data;
	pthread_t thread;
	int fd;
	enum worker_phase phase;	/* read by the main thread */
	const bool *stop;		/* set by the main thread */
	int broken;			/* negative errno that ended the worker early */
	uint64_t run;
	uint64_t random;
	size_t next_fill;
	struct region region;
	struct slot *slots;
	unsigned int n_slots;
	void *buffers;
	struct tally tally;
};

/* The area is n_blocks from first_lba on; fd and stop stay the caller's. */
int worker_init(struct worker *w, const struct load_options *options, int fd,
		const bool *stop, uint64_t first_lba, size_t n_blocks);
void worker_done(struct worker *w);

/* The thread's body; takes and returns the worker. */
void *worker_main(void *worker);

/* For engines: an I/O ended with this many bytes or a negative errno. */
void worker_complete(struct worker *w, struct slot *s, int res);
uint64_t worker_slot_offset(const struct worker *w, const struct slot *s);

/* For the main thread. */
enum worker_phase worker_get_phase(const struct worker *w);
/* In flight since before the given monotonic time; age of the oldest. */
unsigned int worker_count_stuck(const struct worker *w, uint64_t before_usec,
				uint64_t now_usec, uint64_t *oldest_age_usec);

uint64_t monotonic_usec(void);
uint64_t realtime_usec(void);

#endif
