/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

#define TICK_USEC 100000
#define USEC_PER_SEC 1000000

/* Everything here lives until the process ends: stuck threads may use it. */
struct load {
	const struct load_options *options;
	int fd;
	bool stop;
	uint64_t area_bytes;
	struct worker *workers;
	unsigned int n_workers;
	uint64_t next_progress_usec;
	uint64_t last_ios;
};

static int fail(const char *what, int err)
{
	fprintf(stderr, "nvmpath-load: %s: %s\n", what, strerror(-err));
	return err;
}

static int device_size(int fd, uint64_t *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISREG(st.st_mode)) {
		*ret = (uint64_t) st.st_size;
		return 0;
	}
	return ioctl(fd, BLKGETSIZE64, ret) < 0 ? -errno : 0;
}

static int open_area(struct load *l)
{
	const struct load_options *o = l->options;
	uint64_t size, per_worker;
	int r;

	l->fd = open(o->file, O_RDWR | O_CLOEXEC | (o->buffered ? 0 : O_DIRECT));
	if (l->fd < 0)
		return fail(o->file, -errno);
	r = device_size(l->fd, &size);
	if (r < 0)
		return fail(o->file, r);
	if (o->offset_bytes > size || o->size_bytes > size - o->offset_bytes)
		return fail("the area ends behind the device", -ERANGE);
	l->area_bytes = o->size_bytes ?: size - o->offset_bytes;
	per_worker = l->area_bytes / o->block_bytes / o->threads;
	if (per_worker < o->depth)
		return fail("the area is too small for so many threads and I/Os", -ENOSPC);
	return 0;
}

static int init_workers(struct load *l)
{
	const struct load_options *o = l->options;
	uint64_t first = o->offset_bytes / o->block_bytes;
	uint64_t n = l->area_bytes / o->block_bytes / o->threads;

	l->workers = calloc(o->threads, sizeof(*l->workers));
	if (!l->workers)
		return fail("setting up", -ENOMEM);
	for (uint64_t i = 0; i < o->threads; i++) {
		int r = worker_init(&l->workers[i], o, l->fd, &l->stop, first + i * n, n);

		if (r < 0)
			return fail("setting up", r);
	}
	return 0;
}

static int start_workers(struct load *l)
{
	for (; l->n_workers < l->options->threads; l->n_workers++) {
		struct worker *w = &l->workers[l->n_workers];
		int r = pthread_create(&w->thread, NULL, worker_main, w);

		if (r)
			return fail("starting a thread", -r);
	}
	return 0;
}

/* True for SIGINT or SIGTERM; otherwise after the tick. */
static bool tick(void)
{
	struct timespec ts = { .tv_nsec = TICK_USEC * 1000L };
	sigset_t set;

	(void) sigemptyset(&set);
	(void) sigaddset(&set, SIGINT);
	(void) sigaddset(&set, SIGTERM);
	return sigtimedwait(&set, NULL, &ts) > 0;
}

static void show_progress(struct load *l, uint64_t since_usec)
{
	uint64_t now = monotonic_usec(), ios = 0, failed = 0, bad = 0, longest = 0;

	if (!l->options->progress || now < l->next_progress_usec)
		return;
	for (unsigned int i = 0; i < l->n_workers; i++) {
		const struct tally *t = &l->workers[i].tally;
		uint64_t mine = tally_get(&t->longest_usec);

		ios += tally_get(&t->ios);
		failed += tally_get(&t->failed);
		bad += tally_get(&t->miscompares);
		longest = mine > longest ? mine : longest;
	}
	fprintf(stderr, "%4llu s  %llu I/Os (+%llu)  %llu errors  %llu miscompares  "
		"longest %llu.%03llu ms\n",
		(unsigned long long) ((now - since_usec) / USEC_PER_SEC),
		(unsigned long long) ios, (unsigned long long) (ios - l->last_ios),
		(unsigned long long) failed, (unsigned long long) bad,
		(unsigned long long) (longest / 1000), (unsigned long long) (longest % 1000));
	l->last_ios = ios;
	l->next_progress_usec = now + USEC_PER_SEC;
}

static bool any_in_phase(const struct load *l, enum worker_phase phase)
{
	for (unsigned int i = 0; i < l->n_workers; i++)
		if (worker_get_phase(&l->workers[i]) == phase)
			return true;
	return false;
}

/* A worker that broke ends early; with none left there is no load to wait for. */
static bool all_ended(const struct load *l)
{
	for (unsigned int i = 0; i < l->n_workers; i++)
		if (worker_get_phase(&l->workers[i]) != PHASE_ENDED)
			return false;
	return true;
}

static bool until_is_there(const struct load_options *o)
{
	return o->until && access(o->until, F_OK) == 0;
}

/* The time for filling does not count. */
static uint64_t watch_run(struct load *l)
{
	uint64_t started = monotonic_usec(), filled = 0, end = UINT64_MAX;
	bool over = false;

	while (!over && !all_ended(l) && monotonic_usec() < end) {
		over = tick() || until_is_there(l->options);
		show_progress(l, started);
		if (filled || any_in_phase(l, PHASE_FILL))
			continue;
		filled = monotonic_usec();
		if (l->options->secs)
			end = filled + l->options->secs * USEC_PER_SEC;
	}
	__atomic_store_n(&l->stop, true, __ATOMIC_RELAXED);
	return filled ? monotonic_usec() - filled : 0;
}

/*
 * Waits until every worker has ended or hangs on an I/O that is older than
 * the drain timeout, counted from the stop at the earliest.
 */
static void watch_end(struct load *l, struct load_result *ret)
{
	uint64_t stopped = monotonic_usec(), timeout = l->options->drain_timeout_secs;
	bool interrupted = false;

	timeout *= USEC_PER_SEC;
	while (!all_ended(l) && !interrupted) {
		uint64_t now, oldest = 0;
		unsigned int stuck = 0, stuck_workers = 0, running = 0;

		interrupted = tick();
		show_progress(l, stopped);
		now = monotonic_usec();
		for (unsigned int i = 0; i < l->n_workers; i++) {
			const struct worker *w = &l->workers[i];
			unsigned int n;

			if (worker_get_phase(w) == PHASE_ENDED)
				continue;
			n = worker_count_stuck(w, now - timeout, now, &oldest);
			running++;
			stuck += n;
			stuck_workers += n > 0;
		}
		if (now - stopped < timeout && !interrupted)
			continue;
		ret->stuck = stuck;
		ret->stuck_longest_usec = oldest;
		if (running == stuck_workers)
			return;
	}
}

static bool is_mode_error(int err)
{
	return err == EOPNOTSUPP || err == EINVAL;
}

static bool judge_mode(const struct load_options *o, const struct load_result *r)
{
	uint64_t of_mode = 0;

	if (o->mode == MODE_NORMAL || r->tally.ios > r->tally.failed)
		return true;
	for (int e = 1; e < TALLY_ERRNO_MAX; e++)
		if (is_mode_error(e))
			of_mode += r->tally.errors[e];
	return of_mode != r->tally.failed || (!of_mode && !is_mode_error(-r->broken));
}

static void collect(const struct load *l, struct load_result *ret)
{
	for (unsigned int i = 0; i < l->n_workers; i++) {
		const struct worker *w = &l->workers[i];

		tally_merge(&ret->tally, &w->tally);
		ret->known_blocks += region_count_known(&w->region);
		if (worker_get_phase(w) == PHASE_ENDED && w->broken < 0)
			ret->broken = w->broken;
	}
	ret->area_bytes = l->area_bytes;
	ret->mode_supported = judge_mode(l->options, ret);
}

static void finish(struct load *l)
{
	for (unsigned int i = 0; i < l->n_workers; i++) {
		(void) pthread_join(l->workers[i].thread, NULL);
		worker_done(&l->workers[i]);
	}
	free(l->workers);
	(void) close(l->fd);
	free(l);
}

static void block_signals(void)
{
	sigset_t set;

	(void) sigemptyset(&set);
	(void) sigaddset(&set, SIGINT);
	(void) sigaddset(&set, SIGTERM);
	(void) pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* On failure the process ends: what was set up is not worth freeing. */
int load_run(const struct load_options *options, struct load_result *ret)
{
	struct load *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return fail("setting up", -ENOMEM);
	l->options = options;
	r = open_area(l);
	if (r < 0)
		return r;
	r = init_workers(l);
	if (r < 0)
		return r;
	block_signals();
	*ret = (struct load_result) { .started_usec = realtime_usec() };
	r = start_workers(l);
	if (r < 0)
		return r;
	ret->run_usec = watch_run(l);
	watch_end(l, ret);
	collect(l, ret);
	if (all_ended(l))
		finish(l);
	return 0;
}
