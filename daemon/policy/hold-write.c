/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "hold-book.h"
#include "kernel/control.h"
#include "kernel/scan.h"
#include "tell.h"

/*
 * sysfs as the threads see it. Their own, since a thread may outlive the
 * manager; and one for all of a round, since paths may be more than descriptors.
 */
struct root {
	int fd;
	_Atomic unsigned refs;
};

/* One round of writes. */
struct round {
	struct manager *m;
	struct root *root;
	bool hold;
	unsigned pending;
	int result;
	char message[MESSAGE_SIZE];
	hold_done_t done;
	void *userdata;
};

struct write {
	struct root *root;
	struct path path;
	bool hold;
	bool was_known;		/* the hold was in the book before */
	struct round *round;	/* for the loop */
};

static int root_new(int fd, struct root **ret)
{
	struct root *root = calloc(1, sizeof(*root));
	int r;

	if (!root)
		return -ENOMEM;
	root->refs = 1;
	root->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (root->fd < 0) {
		r = -errno;
		free(root);
		return r;
	}
	*ret = root;
	return 0;
}

static struct root *root_ref(struct root *root)
{
	root->refs++;
	return root;
}

static void root_unref(struct root *root)
{
	if (--root->refs)
		return;
	close(root->fd);
	free(root);
}

static int write_run(void *arg)
{
	const struct write *w = arg;

	return path_write_hold(w->root->fd, &w->path, w->hold);
}

static void write_free(void *arg)
{
	struct write *w = arg;

	root_unref(w->root);
	free(w);
}

static void round_fail(struct round *round, const struct path *p, int r)
{
	if (round->result < 0)
		return;
	round->result = r == -EBUSY ? -EADDRINUSE : r;
	if (r == -EBUSY)
		(void) snprintf(round->message, sizeof(round->message),
				"the kernel refuses to hold %s: it is the last usable path of %s",
				p->o.name, p->head);
	else
		(void) snprintf(round->message, sizeof(round->message),
				"%s %s failed: %s",
				round->hold ? "holding" : "releasing",
				p->o.name, strerror(-r));
}

static void round_free(struct round *round)
{
	root_unref(round->root);
	free(round);
}

static void round_part_done(struct round *round)
{
	if (--round->pending)
		return;
	round->done(round->userdata, round->result, round->message);
	round_free(round);
}

/* What the path says of itself right after the write. */
static void reread(struct manager *m, const struct path *p)
{
	struct path fresh = *p;

	if (scan_path(m->root_fd, &fresh) < 0)
		manager_look_soon(m);
	else
		manager_update_path(m, &fresh);
}

/* Refused: whoever holds it now or later is somebody else. */
static void drop_refused(struct manager *m, const char *path)
{
	hold_book_drop(m, path);
	tell_forget_hold(m, path);
}

static void on_written(void *userdata, int result, void *arg)
{
	struct round *round = userdata;
	struct manager *m = round->m;
	const struct write *w = arg;
	struct hold *h = hold_book_find(m, w->path.o.name);

	if (!w->hold && result == -ENODEV)
		result = 0;	/* the hold went with its path */
	if (result < 0)
		round_fail(round, &w->path, result);
	if (result < 0 && w->hold && !w->was_known)
		drop_refused(m, w->path.o.name);
	else if (result >= 0 && !w->hold)
		hold_book_drop(m, w->path.o.name);
	else if (h)
		h->in_flight = false;
	reread(m, &w->path);
	round_part_done(round);
}

static int submit_write(struct round *round, const struct path *p, bool was_known)
{
	struct write *w = calloc(1, sizeof(*w));
	/* No deadline: a hold that comes late must be known, to be undone. */
	struct worker_call call = {
		.lane = round->hold ? WORKER_HOLD : WORKER_RELEASE,
		.func = write_run, .arg = w, .free_arg = write_free,
		.done = on_written, .userdata = round,
	};

	if (!w)
		return -ENOMEM;
	w->root = root_ref(round->root);
	w->path = *p;
	w->hold = round->hold;
	w->was_known = was_known;
	return worker_submit(round->m->worker, &call);
}

static void begin_one(struct round *round, const struct path *p,
		      const struct hold_owner *owner)
{
	struct manager *m = round->m;
	struct hold *known = hold_book_find(m, p->o.name);
	bool was_known = known != NULL;
	int r = 0;

	if (round->hold)
		r = hold_book_take(m, p, owner);
	else if (known)
		known->in_flight = true;
	if (r >= 0)
		r = submit_write(round, p, was_known);
	if (r >= 0) {
		round->pending++;
		return;
	}
	round_fail(round, p, r);
	known = hold_book_find(m, p->o.name);
	if (round->hold && !was_known)
		drop_refused(m, p->o.name);
	else if (known)		/* held as before, and may be released */
		known->in_flight = false;
}

/* Ends a round that had nothing to wait for, from the loop like any other. */
static int end_empty_round(sd_event_source *s, void *userdata)
{
	(void) sd_event_source_set_enabled(s, SD_EVENT_OFF);
	round_part_done(userdata);
	return 0;
}

int hold_write(struct manager *m, const struct names *paths, bool hold,
	       const struct hold_owner *owner, hold_done_t done, void *userdata)
{
	struct round *round = calloc(1, sizeof(*round));
	int r;

	if (!round)
		return -ENOMEM;
	r = root_new(m->root_fd, &round->root);
	if (r < 0) {
		free(round);
		return r;
	}
	round->m = m;
	round->hold = hold;
	round->done = done;
	round->userdata = userdata;
	for (size_t i = 0; i < paths->n; i++) {
		const struct path *p = snapshot_path(m->now, paths->v[i]);

		if (p)
			begin_one(round, p, owner);
	}
	if (round->pending)
		return 0;
	round->pending = 1;
	r = sd_event_add_defer(m->event, NULL, end_empty_round, round);
	if (r < 0)
		round_free(round);
	return r;
}
