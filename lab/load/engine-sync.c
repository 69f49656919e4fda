/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sys/uio.h>

#include "worker.h"

static int sync_open(struct worker *w)
{
	(void) w;
	return 0;
}

static void sync_close(struct worker *w)
{
	(void) w;
}

static int mode_flags(enum load_mode mode)
{
	switch (mode) {
	case MODE_NOWAIT:
		return RWF_NOWAIT;
	case MODE_POLLED:
		return RWF_HIPRI;
	case MODE_NORMAL:
	case _MODE_MAX:
	case _MODE_INVALID:
		return 0;
	}
	return 0;
}

static int sync_submit(struct worker *w, struct slot *s)
{
	struct iovec iov = { s->buf, w->options->block_bytes };
	off_t offset = (off_t) worker_slot_offset(w, s);
	int flags = mode_flags(w->options->mode);
	ssize_t n;

	if (s->write)
		n = pwritev2(w->fd, &iov, 1, offset, flags);
	else
		n = preadv2(w->fd, &iov, 1, offset, flags);
	s->res = n < 0 ? -errno : (int) n;
	return 0;
}

static int sync_reap(struct worker *w, uint64_t wait_usec)
{
	(void) wait_usec;
	for (unsigned int i = 0; i < w->n_slots; i++)
		if (w->slots[i].state == SLOT_FLYING)
			worker_complete(w, &w->slots[i], w->slots[i].res);
	return 0;
}

const struct engine engine_sync = {
	.open = sync_open,
	.close = sync_close,
	.submit = sync_submit,
	.reap = sync_reap,
	.max_depth = 1,
};
