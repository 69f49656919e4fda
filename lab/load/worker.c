/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "worker.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* How long a reap may sleep before the worker looks at the stop flag again. */
#define REAP_MAX_USEC 100000

/*
 * The pass at the end wants every block: it tries again, as paths may still
 * be coming back, but not for ever on a device that is gone.
 */
#define VERIFY_TRIES 50
#define VERIFY_RETRY_USEC 100000
#define VERIFY_UNREADABLE_PATIENCE 16

static uint64_t clock_usec(clockid_t id)
{
	struct timespec ts;

	(void) clock_gettime(id, &ts);
	return (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000;
}

uint64_t monotonic_usec(void)
{
	return clock_usec(CLOCK_MONOTONIC);
}

uint64_t realtime_usec(void)
{
	return clock_usec(CLOCK_REALTIME);
}

static uint64_t next_random(struct worker *w)
{
	uint64_t x = w->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	w->random = x;
	return x * UINT64_C(0x2545f4914f6cdd1d);
}

static void set_state(struct slot *s, enum slot_state state)
{
	__atomic_store_n(&s->state, state, __ATOMIC_RELEASE);
}

static void set_phase(struct worker *w, enum worker_phase phase)
{
	__atomic_store_n(&w->phase, phase, __ATOMIC_RELEASE);
}

enum worker_phase worker_get_phase(const struct worker *w)
{
	return __atomic_load_n(&w->phase, __ATOMIC_ACQUIRE);
}

uint64_t worker_slot_offset(const struct worker *w, const struct slot *s)
{
	return (w->region.first_lba + s->block) * w->options->block_bytes;
}

static void postpone(struct slot *s, enum slot_state state, uint64_t usec)
{
	s->not_before_usec = monotonic_usec() + usec;
	set_state(s, state);
}

/* EAGAIN is an answer, not an error, where the caller asked not to wait; a
 * polled request that finds no tag is told the same.
 */
static bool is_retry(const struct worker *w, int res)
{
	return res == -EAGAIN && w->options->mode != MODE_NORMAL;
}

static void note_miscompare(struct worker *w, const struct slot *s,
			    const struct pattern_expect *expect, enum pattern_verdict verdict)
{
	const struct pattern_header *h = s->buf;
	struct miscompare m = {
		.verdict = verdict,
		.lba = expect->lba,
		.oldest = expect->oldest,
		.newest = expect->newest,
		.found_lba = h->lba,
		.found_generation = h->generation,
		.at_usec = realtime_usec(),
	};

	tally_miscompare(&w->tally, &m);
}

static void judge_read(struct worker *w, const struct slot *s)
{
	struct pattern_expect expect = { .run = w->run };
	enum pattern_verdict verdict;

	if (!region_expect(&w->region, s->block, &expect)) {
		tally_inc(&w->tally.unverified);
		return;
	}
	verdict = pattern_check(s->buf, w->options->block_bytes, &expect);
	tally_inc(&w->tally.verified);
	if (verdict != PATTERN_GOOD)
		note_miscompare(w, s, &expect, verdict);
}

/* True when the pass at the end shall read this block once more. */
static bool verify_again(struct worker *w, struct slot *s, bool good)
{
	if (w->phase != PHASE_VERIFY)
		return false;
	if (good) {
		tally_inc(&w->tally.verify_blocks);
		return false;
	}
	if (++s->tries < VERIFY_TRIES &&
	    w->tally.verify_unreadable < VERIFY_UNREADABLE_PATIENCE)
		return true;
	tally_inc(&w->tally.verify_unreadable);
	return false;
}

void worker_complete(struct worker *w, struct slot *s, int res)
{
	bool good = res >= 0 && (uint64_t) res == w->options->block_bytes;
	uint64_t took_usec;

	if (is_retry(w, res)) {
		tally_inc(&w->tally.eagain_retries);
		postpone(s, SLOT_WAITING, w->options->eagain_backoff_usec);
		return;
	}
	took_usec = monotonic_usec() - s->started_usec;
	tally_io(&w->tally, s->write, res, w->options->block_bytes, took_usec,
		 realtime_usec() - took_usec);
	if (good && s->write)
		region_write_succeeded(&w->region, s->block, s->generation);
	else if (good)
		judge_read(w, s);
	if (verify_again(w, s, good)) {
		postpone(s, SLOT_WAITING, VERIFY_RETRY_USEC);
		return;
	}
	region_put(&w->region, s->block);
	if (!good && w->options->error_backoff_usec)
		postpone(s, SLOT_RESTING, w->options->error_backoff_usec);
	else
		set_state(s, SLOT_IDLE);
}

static void prepare_write(struct worker *w, struct slot *s)
{
	s->write = true;
	s->generation = region_write_begin(&w->region, s->block);
	pattern_fill(s->buf, w->options->block_bytes, w->run,
		     w->region.first_lba + s->block, s->generation);
}

static bool is_stopped(const struct worker *w)
{
	return __atomic_load_n(w->stop, __ATOMIC_RELAXED);
}

static int take_fill(struct worker *w, struct slot *s)
{
	if (w->next_fill == w->region.n || is_stopped(w))
		return -ENOENT;
	/* busy blocks are behind next_fill, so the one there is free */
	if (region_take(&w->region, w->next_fill++, &s->block) < 0)
		return -EAGAIN;
	prepare_write(w, s);
	return 0;
}

static int take_run(struct worker *w, struct slot *s)
{
	if (is_stopped(w))
		return -ENOENT;
	if (region_take(&w->region, next_random(w), &s->block) < 0)
		return -EAGAIN;
	if ((next_random(w) >> 32) % 100 < w->options->write_percent)
		prepare_write(w, s);
	else
		s->write = false;
	return 0;
}

static int take_verify(struct worker *w, struct slot *s)
{
	s->write = false;
	s->tries = 0;
	return region_take_verify(&w->region, &s->block);
}

static int take_job(struct worker *w, struct slot *s)
{
	switch (w->phase) {
	case PHASE_FILL:
		return take_fill(w, s);
	case PHASE_RUN:
		return take_run(w, s);
	case PHASE_VERIFY:
		return take_verify(w, s);
	case PHASE_ENDED:
		return -ENOENT;
	}
	return -ENOENT;
}

static int submit(struct worker *w, struct slot *s)
{
	int r;

	set_state(s, SLOT_FLYING);
	r = w->engine->submit(w, s);
	if (r < 0)
		set_state(s, SLOT_IDLE);
	return r;
}

static int submit_again(struct worker *w, struct slot *s)
{
	/* A block's next try at the end is an I/O of its own. */
	if (s->tries && w->phase == PHASE_VERIFY)
		__atomic_store_n(&s->started_usec, monotonic_usec(), __ATOMIC_RELAXED);
	return submit(w, s);
}

/* 1: the slot is in use; 0: there is nothing for it to do. */
static int serve_slot(struct worker *w, struct slot *s, uint64_t now_usec)
{
	int r;

	if (s->state == SLOT_FLYING)
		return 1;
	if (s->state != SLOT_IDLE && now_usec < s->not_before_usec)
		return 1;
	if (s->state == SLOT_WAITING)
		return submit_again(w, s) ?: 1;
	set_state(s, SLOT_IDLE);
	r = take_job(w, s);
	if (r < 0)
		return r == -ENOENT || r == -EAGAIN ? 0 : r;
	__atomic_store_n(&s->started_usec, monotonic_usec(), __ATOMIC_RELAXED);
	return submit(w, s) ?: 1;
}

/* The time until a waiting slot is due, no longer than REAP_MAX_USEC. */
static uint64_t wait_usec(const struct worker *w, uint64_t now_usec)
{
	uint64_t wait = REAP_MAX_USEC;

	for (unsigned int i = 0; i < w->n_slots; i++) {
		const struct slot *s = &w->slots[i];
		uint64_t left = 0;

		if (s->state != SLOT_WAITING && s->state != SLOT_RESTING)
			continue;
		if (s->not_before_usec > now_usec)
			left = s->not_before_usec - now_usec;
		wait = left < wait ? left : wait;
	}
	return wait;
}

static bool has_flying(const struct worker *w)
{
	for (unsigned int i = 0; i < w->n_slots; i++)
		if (w->slots[i].state == SLOT_FLYING)
			return true;
	return false;
}

/* One round: 1 while anything is under way, 0 when the phase is over. */
static int do_round(struct worker *w)
{
	uint64_t now_usec = monotonic_usec();
	int r, used = 0;

	for (unsigned int i = 0; i < w->n_slots; i++) {
		r = serve_slot(w, &w->slots[i], now_usec);
		if (r < 0)
			return r;
		used |= r;
	}
	if (!used)
		return 0;
	if (has_flying(w)) {
		r = w->engine->reap(w, wait_usec(w, monotonic_usec()));
		return r < 0 ? r : 1;
	}
	(void) usleep((useconds_t) wait_usec(w, monotonic_usec()));
	return 1;
}

static int do_phase(struct worker *w, enum worker_phase phase)
{
	int r;

	set_phase(w, phase);
	do {
		r = do_round(w);
	} while (r > 0);
	return r;
}

static int do_phases(struct worker *w)
{
	int r;

	if (w->options->fill) {
		r = do_phase(w, PHASE_FILL);
		if (r < 0)
			return r;
	}
	r = do_phase(w, PHASE_RUN);
	if (r < 0 || !w->options->verify)
		return r;
	return do_phase(w, PHASE_VERIFY);
}

void *worker_main(void *worker)
{
	struct worker *w = worker;

	w->broken = w->engine->open(w);
	if (w->broken >= 0) {
		w->broken = do_phases(w);
		w->engine->close(w);
	}
	set_phase(w, PHASE_ENDED);
	return w;
}

unsigned int worker_count_stuck(const struct worker *w, uint64_t before_usec,
				uint64_t now_usec, uint64_t *oldest_age_usec)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < w->n_slots; i++) {
		const struct slot *s = &w->slots[i];
		uint64_t started;

		if (__atomic_load_n(&s->state, __ATOMIC_ACQUIRE) != SLOT_FLYING)
			continue;
		started = __atomic_load_n(&s->started_usec, __ATOMIC_RELAXED);
		if (started > before_usec)
			continue;
		n++;
		if (now_usec - started > *oldest_age_usec)
			*oldest_age_usec = now_usec - started;
	}
	return n;
}

static int alloc_slots(struct worker *w)
{
	size_t size = w->options->block_bytes;

	w->slots = calloc(w->n_slots, sizeof(*w->slots));
	if (!w->slots)
		return -ENOMEM;
	if (posix_memalign(&w->buffers, size < 4096 ? 4096 : size, size * w->n_slots))
		return -ENOMEM;
	for (unsigned int i = 0; i < w->n_slots; i++)
		w->slots[i].buf = (char *) w->buffers + i * size;
	return 0;
}

int worker_init(struct worker *w, const struct load_options *options, int fd,
		const bool *stop, uint64_t first_lba, size_t n_blocks)
{
	int r;

	*w = (struct worker) {
		.options = options,
		.engine = options->engine == ENGINE_SYNC ? &engine_sync : &engine_uring,
		.fd = fd,
		.stop = stop,
		.run = options->seed,
		.random = (options->seed ^ first_lba * UINT64_C(0x9e3779b97f4a7c15)) | 1,
		.n_slots = (unsigned int) options->depth,
	};
	if (w->engine->max_depth && w->n_slots > w->engine->max_depth)
		w->n_slots = w->engine->max_depth;
	r = region_init(&w->region, first_lba, n_blocks);
	if (r < 0)
		return r;
	return alloc_slots(w);
}

void worker_done(struct worker *w)
{
	region_done(&w->region);
	free(w->slots);
	free(w->buffers);
	w->slots = NULL;
	w->buffers = NULL;
}
