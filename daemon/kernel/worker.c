/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

#include "base/clock.h"
#include "worker.h"

/*
 * Threads at a time, and calls that may wait for one. Holding a controller is
 * one call a namespace, and each waits for an SRCU grace period of its own head.
 * What anybody may ask for is few threads, which stay for as long as a disk does
 * not answer, and a bounded queue: all memory is locked. The configuration is
 * read by one, so that no reading overtakes a newer one.
 */
static const struct {
	unsigned threads, waiting;
} limits[_WORKER_LANE_MAX] = {
	[WORKER_UPKEEP] = { 64, UINT_MAX },
	[WORKER_RELEASE] = { 64, UINT_MAX },
	[WORKER_HOLD] = { 64, UINT_MAX },
	[WORKER_REMOVAL] = { 64, UINT_MAX },
	[WORKER_FILES] = { 64, UINT_MAX },
	[WORKER_PLAN] = { 4, 64 },
	[WORKER_HISTORY] = { 4, 64 },
	[WORKER_CONFIG] = { 1, 1 },
};

/* 0 would mean 250 ms to sd-event: the late answer could come before the deadline. */
#define ACCURACY_USEC 1000

/* What the threads see, alive until the last of them is through. */
struct mailbox {
	pthread_mutex_t lock;
	unsigned refs;			/* under lock */
	int event_fd;
	struct call *finished;		/* under lock */
};

struct call {
	struct worker_call c;
	struct mailbox *box;
	struct worker *w;		/* loop only */
	sd_event_source *deadline;
	bool forgotten;			/* loop only */
	bool started;			/* loop only */
	int result;
	struct call *next;		/* loop: all calls */
	struct call *next_finished;	/* under lock */
};

struct lane {
	unsigned running;		/* threads, to their end */
	unsigned waiting;
};

struct worker {
	sd_event *event;
	sd_event_source *source;
	struct mailbox *box;
	struct call *calls;		/* oldest first */
	struct lane lanes[_WORKER_LANE_MAX];
};

static void mailbox_unref(struct mailbox *box)
{
	bool last;

	pthread_mutex_lock(&box->lock);
	last = --box->refs == 0;
	pthread_mutex_unlock(&box->lock);
	if (!last)
		return;
	if (box->event_fd >= 0)
		close(box->event_fd);
	pthread_mutex_destroy(&box->lock);
	free(box);
}

static void call_free(struct call *c)
{
	sd_event_source_disable_unref(c->deadline);
	if (c->c.free_arg)
		c->c.free_arg(c->c.arg);
	mailbox_unref(c->box);
	free(c);
}

static void *thread_main(void *userdata)
{
	struct call *c = userdata;
	struct mailbox *box = c->box;
	uint64_t one = 1;
	bool orphan;

	c->result = c->c.func(c->c.arg);
	pthread_mutex_lock(&box->lock);
	/* The loop closed the box: nobody waits for this any more. */
	orphan = box->event_fd < 0;
	if (!orphan) {
		c->next_finished = box->finished;
		box->finished = c;
		(void) !write(box->event_fd, &one, sizeof(one));
	}
	pthread_mutex_unlock(&box->lock);
	if (orphan)
		call_free(c);
	return NULL;
}

static void unlink_call(struct worker *w, struct call *c)
{
	struct call **p = &w->calls;

	while (*p != c)
		p = &(*p)->next;
	*p = c->next;
}

static void finish(struct call *c, int result, void *arg)
{
	unlink_call(c->w, c);
	if (!c->forgotten)
		c->c.done(c->c.userdata, result, arg);
	call_free(c);
}

static bool has_room(const struct worker *w, enum worker_lane lane)
{
	return w->lanes[lane].running < limits[lane].threads;
}

static int start_thread(struct call *c);

static int start(struct call *c)
{
	int r = start_thread(c);

	if (r < 0)
		return r;
	c->started = true;
	c->w->lanes[c->c.lane].running++;
	return 0;
}

static void start_waiting(struct worker *w)
{
	struct call *c = w->calls, *next;

	for (; c; c = next) {
		struct lane *lane = &w->lanes[c->c.lane];
		int r;

		next = c->next;
		if (c->started || !has_room(w, c->c.lane))
			continue;
		r = start(c);
		if (r < 0 && lane->running)
			continue;	/* when one of them ends */
		lane->waiting--;
		if (r < 0)	/* nothing would start it later */
			finish(c, r, c->c.arg);
	}
}

static int on_finished(sd_event_source *s, int fd, uint32_t revents, void *userdata)
{
	struct worker *w = userdata;
	struct call *list, *c;
	uint64_t n;

	(void) s;
	(void) revents;
	(void) !read(fd, &n, sizeof(n));
	pthread_mutex_lock(&w->box->lock);
	list = w->box->finished;
	w->box->finished = NULL;
	pthread_mutex_unlock(&w->box->lock);

	while ((c = list)) {
		list = c->next_finished;
		w->lanes[c->c.lane].running--;
		finish(c, c->result, c->c.arg);
	}
	start_waiting(w);
	return 0;
}

static int on_deadline(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct call *c = userdata;

	(void) s;
	(void) usec;
	if (!c->started) {
		c->w->lanes[c->c.lane].waiting--;
		finish(c, -ETIMEDOUT, NULL);
	} else if (!c->forgotten) {
		c->forgotten = true;
		c->c.done(c->c.userdata, -ETIMEDOUT, NULL);
	}
	return 0;
}

static int mailbox_new(struct mailbox **ret)
{
	struct mailbox *box = calloc(1, sizeof(*box));

	if (!box)
		return -ENOMEM;
	box->refs = 1;
	box->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (box->event_fd < 0) {
		int r = -errno;

		free(box);
		return r;
	}
	pthread_mutex_init(&box->lock, NULL);
	*ret = box;
	return 0;
}

int worker_new(sd_event *event, struct worker **ret)
{
	_cleanup_(worker_freep) struct worker *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	w->event = sd_event_ref(event);
	r = mailbox_new(&w->box);
	if (r < 0)
		return r;
	r = sd_event_add_io(event, &w->source, w->box->event_fd, EPOLLIN,
			    on_finished, w);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(w);
	return 0;
}

/* From here on threads that end find nobody and clean up after themselves. */
static void close_mailbox(struct mailbox *box, struct call **finished)
{
	pthread_mutex_lock(&box->lock);
	*finished = box->finished;
	box->finished = NULL;
	close(box->event_fd);
	box->event_fd = -EBADF;
	pthread_mutex_unlock(&box->lock);
}

static void drop_waiting(struct worker *w)
{
	struct call *c = w->calls, *next;

	for (; c; c = next) {
		next = c->next;
		if (c->started)
			continue;
		unlink_call(w, c);
		call_free(c);
	}
}

struct worker *worker_free(struct worker *w)
{
	struct call *finished, *c;

	if (!w)
		return NULL;
	sd_event_source_disable_unref(w->source);
	for (c = w->calls; c; c = c->next)
		c->deadline = sd_event_source_disable_unref(c->deadline);
	drop_waiting(w);
	if (w->box) {
		close_mailbox(w->box, &finished);
		while ((c = finished)) {
			finished = c->next_finished;
			call_free(c);
		}
		mailbox_unref(w->box);
	}
	sd_event_unref(w->event);
	free(w);
	return NULL;
}

/* Signals are for the main thread, which reads them from a descriptor. */
static int start_thread(struct call *c)
{
	pthread_attr_t attr;
	sigset_t all, old;
	pthread_t thread;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 256 * 1024);
	r = pthread_create(&thread, &attr, thread_main, c);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -r;
}

static void link_last(struct worker *w, struct call *c)
{
	struct call **p = &w->calls;

	while (*p)
		p = &(*p)->next;
	*p = c;
}

static int set_deadline(struct worker *w, struct call *c)
{
	if (!c->c.timeout_usec)
		return 0;
	return sd_event_add_time_relative(w->event, &c->deadline, CLOCK_MONOTONIC,
					  c->c.timeout_usec, ACCURACY_USEC, on_deadline, c);
}

static int new_call(struct worker *w, const struct worker_call *call, struct call **ret)
{
	struct call *c;
	int r;

	if (worker_is_full(w, call->lane))
		return -EBUSY;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->c = *call;
	c->w = w;
	r = set_deadline(w, c);
	if (r < 0) {
		free(c);
		return r;
	}
	c->box = w->box;
	pthread_mutex_lock(&w->box->lock);
	w->box->refs++;
	pthread_mutex_unlock(&w->box->lock);
	*ret = c;
	return 0;
}

int worker_submit(struct worker *w, const struct worker_call *call)
{
	struct call *c;
	int r = new_call(w, call, &c);

	if (r < 0) {
		if (call->free_arg)
			call->free_arg(call->arg);
		return r;
	}
	if (has_room(w, call->lane)) {
		r = start(c);
		if (r < 0) {
			call_free(c);
			return r;
		}
	} else {
		w->lanes[call->lane].waiting++;
	}
	link_last(w, c);
	return 0;
}

bool worker_is_full(const struct worker *w, enum worker_lane lane)
{
	return !has_room(w, lane) && w->lanes[lane].waiting >= limits[lane].waiting;
}

bool worker_waits(const struct worker *w, const void *userdata)
{
	for (const struct call *c = w->calls; c; c = c->next)
		if (!c->started && c->c.userdata == userdata)
			return true;
	return false;
}

void worker_forget(struct worker *w, const void *userdata)
{
	struct call *next;

	for (struct call *c = w->calls; c; c = next) {
		next = c->next;
		if (c->c.userdata != userdata)
			continue;
		c->forgotten = true;
		if (c->started)
			continue;
		w->lanes[c->c.lane].waiting--;
		finish(c, 0, NULL);	/* it is not made any more */
	}
}
