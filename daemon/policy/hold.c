/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "check.h"
#include "hold.h"
#include "kernel/control.h"
#include "kernel/scan.h"
#include "record.h"

#define RECORD_PREFIX "hold-"
#define RECORD_NAME_SIZE 64

static struct hold *find(const struct manager *m, const char *path)
{
	for (size_t i = 0; i < m->n_holds; i++)
		if (str_equal(m->holds[i]->path, path))
			return m->holds[i];
	return NULL;
}

const struct hold *hold_find(const struct manager *m, const char *path)
{
	return find(m, path);
}

static void record_name(const struct hold *h, char name[RECORD_NAME_SIZE])
{
	(void) snprintf(name, RECORD_NAME_SIZE, RECORD_PREFIX "%016" PRIx64 ".json",
			str_hash(h->key));
}

static int save(const struct manager *m, const struct hold *h)
{
	_cleanup_(json_freep) struct json_object *o = json_object_new_object();
	char name[RECORD_NAME_SIZE];

	if (!o)
		return -ENOMEM;
	record_add_text(o, "path", h->path);
	record_add_text(o, "key", h->key);
	record_add_text(o, "reason", h->reason);
	record_add_number(o, "uid", h->uid);
	record_add_number(o, "since_usec", (int64_t) h->since_usec);
	record_add_number(o, "removal", h->removal);
	record_name(h, name);
	return record_save(m->config.run_dir, name, m->boot_id, o);
}

static int book_add(struct manager *m, const struct hold *h)
{
	struct hold **grown, *copy;

	grown = realloc(m->holds, (m->n_holds + 1) * sizeof(*m->holds));
	if (!grown)
		return -ENOMEM;
	m->holds = grown;
	copy = malloc(sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	*copy = *h;
	m->holds[m->n_holds++] = copy;
	return 0;
}

static void book_drop(struct manager *m, const char *path)
{
	char name[RECORD_NAME_SIZE];

	for (size_t i = 0; i < m->n_holds; i++) {
		struct hold *h = m->holds[i];

		if (!str_equal(h->path, path))
			continue;
		record_name(h, name);
		record_remove(m->config.run_dir, name);
		memmove(m->holds + i, m->holds + i + 1,
			(m->n_holds - i - 1) * sizeof(*m->holds));
		m->n_holds--;
		free(h);
		break;
	}
	manager_tell_hold(m, path);
}

/* Into the book and on record, before anything is done. */
static int book_take(struct manager *m, const struct path *p,
		     const struct hold_owner *owner)
{
	struct hold *known = find(m, p->o.name);
	struct hold h = {
		.ino = p->o.ino,
		.uid = owner->uid,
		.since_usec = known ? known->since_usec : now_realtime_usec(),
		.removal = owner->removal,
		.in_flight = true,
	};
	int r;

	STR_COPY(h.path, p->o.name);
	STR_COPY(h.reason, owner->reason);
	manager_path_key(m, p, h.key);
	r = save(m, &h);
	if (r < 0)
		return log_error_errno(r, "Failed to write the record of a hold of %s: %m",
				       p->o.name);
	if (known)
		*known = h;
	else
		r = book_add(m, &h);
	manager_tell_hold(m, p->o.name);
	return r;
}

void hold_forget(struct manager *m, const struct path *p)
{
	const struct hold *h = find(m, p->o.name);

	if (h && h->ino == p->o.ino)
		book_drop(m, p->o.name);
}

void hold_path_changed(struct manager *m, const struct path *p)
{
	const struct hold *h = find(m, p->o.name);

	/* "" says nothing: its attributes go before the path does */
	if (!h || h->in_flight || !str_equal(p->admin_state, "online"))
		return;
	log_notice("%s: somebody else set it online, its hold by uid %" PRIu32 " is over",
		   p->o.name, h->uid);
	book_drop(m, p->o.name);
}

/* One round of writes. */
struct round {
	struct manager *m;
	bool hold;
	unsigned pending;
	int result;
	char message[MESSAGE_SIZE];
	hold_done_t done;
	void *userdata;
};

struct write {
	int root_fd;		/* its own: the thread may outlive the manager */
	struct path path;
	bool hold;
	bool was_known;		/* the hold was in the book before */
	struct round *round;	/* for the loop */
};

static int write_run(void *arg)
{
	const struct write *w = arg;

	return path_write_hold(w->root_fd, &w->path, w->hold);
}

static void write_free(void *arg)
{
	struct write *w = arg;

	if (w->root_fd >= 0)
		close(w->root_fd);
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

static void round_part_done(struct round *round)
{
	if (--round->pending)
		return;
	round->done(round->userdata, round->result, round->message);
	free(round);
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

static void on_written(void *userdata, int result, void *arg)
{
	struct round *round = userdata;
	struct manager *m = round->m;
	const struct write *w = arg;
	struct hold *h = find(m, w->path.o.name);

	if (!w->hold && result == -ENODEV)
		result = 0;	/* the hold went with its path */
	if (result < 0)
		round_fail(round, &w->path, result);
	if (result < 0 && w->hold && !w->was_known)
		book_drop(m, w->path.o.name);
	else if (result >= 0 && !w->hold)
		book_drop(m, w->path.o.name);
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
		.func = write_run, .arg = w, .free_arg = write_free,
		.done = on_written, .userdata = round,
	};

	if (!w)
		return -ENOMEM;
	w->root_fd = fcntl(round->m->root_fd, F_DUPFD_CLOEXEC, 3);
	w->path = *p;
	w->hold = round->hold;
	w->was_known = was_known;
	return worker_submit(round->m->worker, &call);
}

static void begin_one(struct round *round, const struct path *p,
		      const struct hold_owner *owner)
{
	struct manager *m = round->m;
	struct hold *known = find(m, p->o.name);
	bool was_known = known != NULL;
	int r = 0;

	if (round->hold)
		r = book_take(m, p, owner);
	else if (known)
		known->in_flight = true;
	if (r >= 0)
		r = submit_write(round, p, was_known);
	if (r >= 0) {
		round->pending++;
		return;
	}
	round_fail(round, p, r);
	if (round->hold && !was_known)
		book_drop(m, p->o.name);
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
		free(round);
	return r;
}

/* A Hold or Release of somebody's. */
struct request {
	struct manager *m;
	struct names paths;
	struct names undo;	/* held by this request, not before */
	int result;
	char message[MESSAGE_SIZE];
	hold_done_t done;
	void *userdata;
};

static struct request *request_free(struct request *q)
{
	if (!q)
		return NULL;
	names_done(&q->paths);
	names_done(&q->undo);
	free(q);
	return NULL;
}
DEFINE_CLEANUP(struct request *, request_free)

static void on_undone(void *userdata, int result, const char *message)
{
	struct request *q = userdata;

	if (result < 0)
		log_warning("Undoing a hold: %s", message);
	q->done(q->userdata, q->result, q->message);
	request_free(q);
}

static void on_request_done(void *userdata, int result, const char *message)
{
	struct request *q = userdata;

	q->result = result;
	STR_COPY(q->message, message);
	if (result < 0 && q->undo.n &&
	    hold_write(q->m, &q->undo, false, NULL, on_undone, q) >= 0)
		return;
	q->done(q->userdata, result, message);
	request_free(q);
}

static int remember_undo(struct request *q)
{
	for (size_t i = 0; i < q->paths.n; i++) {
		const struct path *p = snapshot_path(q->m->now, q->paths.v[i]);
		int r;

		if (!p || str_equal(p->admin_state, "hold"))
			continue;
		r = names_add(&q->undo, p->o.name);
		if (r < 0)
			return r;
	}
	return 0;
}

static int request_check(struct request *q, const struct hold_request *asked,
			 const struct scope *s, char message[MESSAGE_SIZE])
{
	int r = asked->hold ? check_hold(q->m, s, asked->force, message) :
			      check_release(q->m, s, message);

	for (size_t i = 0; r >= 0 && i < s->paths.n; i++)
		r = names_add(&q->paths, s->paths.v[i]);
	if (r >= 0 && asked->hold)
		r = remember_undo(q);
	return r;
}

static void request_log(const struct hold_request *q)
{
	log_notice("%s of %s by uid %" PRIu32 "%s%s%s", q->hold ? "Hold" : "Release",
		   q->target, q->uid, q->force ? ", forced" : "",
		   q->hold && q->reason[0] ? ": " : "", q->hold ? q->reason : "");
}

int hold_request(struct manager *m, const struct hold_request *asked,
		 hold_done_t done, void *userdata, char message[MESSAGE_SIZE])
{
	_cleanup_(request_freep) struct request *q = calloc(1, sizeof(*q));
	_cleanup_(scope_done) struct scope s = {};
	struct hold_owner owner = { .reason = asked->reason, .uid = asked->uid };
	int r;

	if (!q)
		return -ENOMEM;
	q->m = m;
	q->done = done;
	q->userdata = userdata;
	r = scope_find(m, asked->target, &s, message);
	if (r >= 0)
		r = request_check(q, asked, &s, message);
	if (r >= 0)
		r = hold_write(m, &q->paths, asked->hold, &owner, on_request_done, q);
	if (r < 0)
		return r;
	request_log(asked);
	(void) TAKE_PTR(q);
	return 0;
}

static const struct path *path_of_key(const struct manager *m, const char *key)
{
	char other[KEY_SIZE];

	for (size_t i = 0; i < m->now->n_paths; i++) {
		manager_path_key(m, &m->now->paths[i], other);
		if (str_equal(key, other))
			return &m->now->paths[i];
	}
	return NULL;
}

static void load_one(void *userdata, const char *name, struct json_object *o)
{
	struct manager *m = userdata;
	const struct path *p = path_of_key(m, record_text(o, "key"));
	struct hold h = {
		.uid = (uint32_t) record_number(o, "uid", 0),
		.since_usec = (uint64_t) record_number(o, "since_usec", 0),
		.removal = (uint32_t) record_number(o, "removal", 0),
	};

	if (!p || !str_equal(p->admin_state, "hold")) {
		log_notice("%s is not held any more, forgetting who held it",
			   record_text(o, "path"));
		record_remove(m->config.run_dir, name);
		return;
	}
	STR_COPY(h.path, p->o.name);
	h.ino = p->o.ino;
	STR_COPY(h.key, record_text(o, "key"));
	STR_COPY(h.reason, record_text(o, "reason"));
	if (book_add(m, &h) < 0)
		return;
	log_notice("%s is still held by uid %" PRIu32 "%s%s", h.path, h.uid,
		   h.reason[0] ? ": " : "", h.reason);
}

int holds_load(struct manager *m)
{
	return record_each(m->config.run_dir, RECORD_PREFIX, m->boot_id, load_one, m);
}

void holds_done(struct manager *m)
{
	for (size_t i = 0; i < m->n_holds; i++)
		free(m->holds[i]);
	free(m->holds);
}
