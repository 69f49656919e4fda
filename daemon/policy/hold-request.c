/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "base/log.h"
#include "base/str.h"
#include "check.h"
#include "hold-book.h"
#include "say.h"

/* A hold that was there before the request, whose terms it takes over. */
struct older {
	struct hold hold;
	uint64_t serial;	/* of what took its place */
};

/* A Hold or Release of somebody's. */
struct request {
	struct manager *m;
	struct names paths;
	struct names undo;	/* held by this request, not before */
	struct older *older;
	size_t n_older;
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
	free(q->older);
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
	for (size_t i = 0; result < 0 && i < q->n_older; i++)
		hold_book_return(q->m, &q->older[i].hold, q->older[i].serial);
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

/* Holds of others', which are theirs again if this one does not go through. */
static int remember_older(struct request *q)
{
	q->older = calloc(q->paths.n ? q->paths.n : 1, sizeof(*q->older));
	if (!q->older)
		return -ENOMEM;
	for (size_t i = 0; i < q->paths.n; i++) {
		const struct hold *h = hold_find(q->m, q->paths.v[i]);

		if (h)
			q->older[q->n_older++].hold = *h;
	}
	return 0;
}

static void note_serials(struct request *q)
{
	for (size_t i = 0; i < q->n_older; i++) {
		const struct hold *h = hold_find(q->m, q->older[i].hold.path);

		q->older[i].serial = h ? h->serial : 0;
	}
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
	if (r >= 0 && asked->hold)
		r = remember_older(q);
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
	struct hold_owner owner = {
		.reason = asked->reason, .uid = asked->uid,
		.ttl_usec = asked->ttl_usec, .lease = asked->lease,
		.forced = asked->force,
	};
	int r;

	if (!q)
		return -ENOMEM;
	q->m = m;
	q->done = done;
	q->userdata = userdata;
	r = scope_find(m, asked->target, &s, message);
	if (r >= 0 && m->stopping && asked->hold && (asked->ttl_usec || asked->lease))
		r = say(message, -ECONNREFUSED,
			"nvmpathd is stopping: nobody would end a hold in time");
	if (r >= 0)
		r = request_check(q, asked, &s, message);
	if (r >= 0)
		r = hold_write(m, &q->paths, asked->hold, &owner, on_request_done, q);
	if (r < 0)
		return r;
	note_serials(q);
	request_log(asked);
	(void) TAKE_PTR(q);
	return 0;
}
