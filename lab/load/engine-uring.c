/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <liburing.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/uio.h>

#include "worker.h"

/* sys/uio.h of older C libraries lacks it; the value is the kernel's. */
#ifndef RWF_NOWAIT
#define RWF_NOWAIT 0x00000008
#endif

static int uring_open(struct worker *w)
{
	unsigned int flags = w->options->mode == MODE_POLLED ? IORING_SETUP_IOPOLL : 0;
	struct io_uring *ring = calloc(1, sizeof(*ring));
	int r;

	if (!ring)
		return -ENOMEM;
	r = io_uring_queue_init(w->n_slots, ring, flags);
	if (r < 0) {
		free(ring);
		return r;
	}
	w->engine_data = ring;
	return 0;
}

static void uring_close(struct worker *w)
{
	io_uring_queue_exit(w->engine_data);
	free(w->engine_data);
	w->engine_data = NULL;
}

/* The ring has as many entries as there are slots, so one is free. */
static int uring_submit(struct worker *w, struct slot *s)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(w->engine_data);
	unsigned int size = (unsigned int) w->options->block_bytes;
	uint64_t offset = worker_slot_offset(w, s);

	if (!sqe)
		return -ENOBUFS;
	if (s->write)
		io_uring_prep_write(sqe, w->fd, s->buf, size, offset);
	else
		io_uring_prep_read(sqe, w->fd, s->buf, size, offset);
	if (w->options->mode == MODE_NOWAIT)
		sqe->rw_flags = RWF_NOWAIT;
	io_uring_sqe_set_data(sqe, s);
	return 0;
}

static bool is_passing(int r)
{
	return r >= 0 || r == -ETIME || r == -EINTR || r == -EAGAIN || r == -EBUSY;
}

static int enter(struct io_uring *ring, bool polled, uint64_t wait_usec)
{
	struct __kernel_timespec ts = {
		.tv_sec = (long long) (wait_usec / 1000000),
		.tv_nsec = (long long) (wait_usec % 1000000) * 1000,
	};
	struct io_uring_cqe *cqe;

	/* The kernel polls a polled ring without a time limit when told to
	 * wait: ask for what is there, and let others run.
	 */
	if (polled)
		return io_uring_submit_and_get_events(ring);
	return io_uring_submit_and_wait_timeout(ring, &cqe, 1, &ts, NULL);
}

static int uring_reap(struct worker *w, uint64_t wait_usec)
{
	struct io_uring *ring = w->engine_data;
	bool polled = w->options->mode == MODE_POLLED;
	struct io_uring_cqe *cqe;
	unsigned int head, n = 0;
	int r;

	r = enter(ring, polled, wait_usec);
	if (!is_passing(r))
		return r;
	io_uring_for_each_cqe(ring, head, cqe) {
		worker_complete(w, io_uring_cqe_get_data(cqe), cqe->res);
		n++;
	}
	io_uring_cq_advance(ring, n);
	if (polled && !n)
		(void) sched_yield();
	return 0;
}

const struct engine engine_uring = {
	.open = uring_open,
	.close = uring_close,
	.submit = uring_submit,
	.reap = uring_reap,
};
