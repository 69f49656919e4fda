/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/eventfd.h>

#include "base/clock.h"
#include "worker.h"

/*
 * Threads at a time; what is over waits its turn. Holding a controller is one
 * call a namespace, and each waits for an SRCU grace period of its own head.
 */
#define THREADS_MAX 64

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
	sd_event_source *deadline;
	bool forgotten;			/* loop only */
	bool started;			/* loop only */
	int result;
	struct call *next;		/* loop: all calls */
	struct call *next_finished;	/* under lock */
};

struct worker {
	sd_event *event;
	sd_event_source *source;
	struct mailbox *box;
	struct call *calls;		/* oldest first */
	unsigned n_threads;
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

static void finish(struct worker *w, struct call *c, int result)
{
	unlink_call(w, c);
	if (!c->forgotten)
		c->c.done(c->c.userdata, result, c->c.arg);
	call_free(c);
}

static int start_thread(struct call *c);

static void start_waiting(struct worker *w)
{
	struct call *c = w->calls, *next;

	for (; c && w->n_threads < THREADS_MAX; c = next) {
		int r;

		next = c->next;
		if (c->started)
			continue;
		r = start_thread(c);
		if (r >= 0) {
			c->started = true;
			w->n_threads++;
		} else if (w->n_threads == 0) {
			finish(w, c, r);	/* nothing would start it later */
		}
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
		w->n_threads--;
		finish(w, c, c->result);
	}
	start_waiting(w);
	return 0;
}

static int on_deadline(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct call *c = userdata;

	(void) s;
	(void) usec;
	if (!c->forgotten) {
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

int worker_submit(struct worker *w, const struct worker_call *call)
{
	struct call *c = calloc(1, sizeof(*c));
	int r;

	if (!c) {
		if (call->free_arg)
			call->free_arg(call->arg);
		return -ENOMEM;
	}
	c->c = *call;
	c->box = w->box;
	pthread_mutex_lock(&w->box->lock);
	w->box->refs++;
	pthread_mutex_unlock(&w->box->lock);
	r = set_deadline(w, c);
	if (r >= 0 && w->n_threads < THREADS_MAX) {
		r = start_thread(c);
		if (r >= 0) {
			c->started = true;
			w->n_threads++;
		}
	}
	if (r < 0) {
		call_free(c);
		return r;
	}
	link_last(w, c);
	return 0;
}

void worker_forget(struct worker *w, const void *userdata)
{
	for (struct call *c = w->calls; c; c = c->next)
		if (c->c.userdata == userdata)
			c->forgotten = true;
}
