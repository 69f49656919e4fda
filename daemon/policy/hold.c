/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/index.h"
#include "base/log.h"
#include "base/str.h"
#include "hold-book.h"
#include "hold-record.h"
#include "lease.h"

/* Where it is in the book, which is sorted by path, or where it belongs. */
static size_t lower_bound(const struct manager *m, const char *path)
{
	size_t low = 0, high = m->n_holds;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_compare_natural(m->holds[mid]->path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct hold *hold_book_find(const struct manager *m, const char *path)
{
	size_t at = lower_bound(m, path);

	if (at < m->n_holds && str_equal(m->holds[at]->path, path))
		return m->holds[at];
	return NULL;
}

const struct hold *hold_find(const struct manager *m, const char *path)
{
	return hold_book_find(m, path);
}

/* Room by doubling, as everywhere: full where the count is a power of two. */
static int book_add(struct manager *m, const struct hold *h)
{
	size_t at = lower_bound(m, h->path);
	struct hold **grown, *copy;

	if (!(m->n_holds & (m->n_holds - 1))) {
		grown = realloc(m->holds, (m->n_holds ? m->n_holds * 2 : 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		m->holds = grown;
	}
	copy = malloc(sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	*copy = *h;
	memmove(m->holds + at + 1, m->holds + at,
		(m->n_holds - at) * sizeof(*m->holds));
	m->holds[at] = copy;
	m->n_holds++;
	return 0;
}

static void drop_record(const struct manager *m, const struct hold *h)
{
	char name[HOLD_RECORD_NAME_SIZE];

	hold_record_name(h, name);
	record_remove(m->config.run_dir, name);
}

void hold_book_drop(struct manager *m, const char *path)
{
	size_t at = lower_bound(m, path);
	struct hold *h = hold_book_find(m, path);

	if (h) {
		drop_record(m, h);
		memmove(m->holds + at, m->holds + at + 1,
			(m->n_holds - at - 1) * sizeof(*m->holds));
		m->n_holds--;
		free(h);
	}
	manager_tell_hold(m, path);
}

static void take_terms(struct hold *h, const struct hold_owner *owner)
{
	bool none = !owner->reason[0] && !owner->removal;

	STR_COPY(h->reason, none ? "none given" : owner->reason);
	STR_COPY(h->lease, owner->lease ? owner->lease : "");
	if (!owner->ttl_usec)
		return;
	h->expires_usec = now_realtime_usec() + owner->ttl_usec;
	h->expires_boottime_usec = now_boottime_usec() + owner->ttl_usec;
}

int hold_book_take(struct manager *m, const struct path *p,
		   const struct hold_owner *owner)
{
	struct hold *known = hold_book_find(m, p->o.name);
	struct hold h = {
		.ino = p->o.ino,
		.uid = owner->uid,
		.since_usec = known ? known->since_usec : now_realtime_usec(),
		.removal = owner->removal,
		.forced = owner->forced,
		.in_flight = true,
		.serial = ++m->hold_serial,
	};
	int r;

	STR_COPY(h.path, p->o.name);
	take_terms(&h, owner);
	manager_path_key(m, p, h.key);
	r = hold_record_save(m, &h);
	if (r < 0)
		return log_error_errno(r, "Failed to write the record of a hold of %s: %m",
				       p->o.name);
	if (known)
		*known = h;
	else
		r = book_add(m, &h);
	if (r < 0)
		drop_record(m, &h);
	manager_tell_hold(m, p->o.name);
	leases_changed(m);
	return r;
}

void hold_book_return(struct manager *m, const struct hold *before, uint64_t serial)
{
	struct hold *known = hold_book_find(m, before->path);

	if (!known || known->ino != before->ino || known->serial != serial)
		return;
	*known = *before;
	if (hold_record_save(m, known) < 0)
		log_warning("The record of the hold of %s is not what it was: who comes next takes it for that of uid %" PRIu32,
			    before->path, before->uid);
	manager_tell_hold(m, before->path);
	leases_changed(m);
}

int hold_take_over(struct manager *m, const struct path *p,
		   const struct hold_owner *owner)
{
	int r = hold_book_take(m, p, owner);
	struct hold *h = hold_book_find(m, p->o.name);

	if (r >= 0 && h)
		h->in_flight = false;	/* nothing is written */
	return r;
}

void hold_forget(struct manager *m, const struct path *p)
{
	const struct hold *h = hold_book_find(m, p->o.name);

	if (h && h->ino == p->o.ino)
		hold_book_drop(m, p->o.name);
}

void hold_path_changed(struct manager *m, const struct path *p)
{
	const struct hold *h = hold_book_find(m, p->o.name);

	/* "" says nothing: its attributes go before the path does */
	if (!h || h->in_flight || !str_equal(p->admin_state, "online"))
		return;
	log_notice("%s: somebody else set it online, its hold by uid %" PRIu32 " is over",
		   p->o.name, h->uid);
	hold_book_drop(m, p->o.name);
}

/* The paths of today by inode, and by the hash of their key. */
struct loading {
	struct manager *m;
	struct index by_ino, by_key;
};

static int index_paths(struct loading *l)
{
	const struct snapshot *s = l->m->now;
	char key[KEY_SIZE];
	uint64_t hash;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < s->n_paths; i++) {
		manager_path_key(l->m, &s->paths[i], key);
		hash = str_hash(key);
		r = index_put(&l->by_ino, s->paths[i].o.ino, i);
		if (r >= 0 && index_get(&l->by_key, hash) == INDEX_NONE)
			r = index_put(&l->by_key, hash, i);
	}
	return r;
}

/* The first two lines of a key: NQN and namespace id. */
static bool same_namespace(const char *a, const char *b)
{
	unsigned lines = 0;

	for (; *a && *a == *b && lines < 2; a++, b++)
		lines += *a == '\n';
	return lines == 2;
}

/* Version 1 had no inode, and a key that a reconnect changed. */
static const struct path *path_of_old_record(const struct manager *m,
					     struct json_object *o)
{
	const struct path *p = snapshot_path(m->now, record_text(o, "path"));
	char key[KEY_SIZE];

	if (!p)
		return NULL;
	manager_path_key(m, p, key);
	return same_namespace(key, record_text(o, "key")) ? p : NULL;
}

/*
 * The object that was held. An object of today in the same place is another one:
 * one that was born held while nobody watched.
 */
static const struct path *path_of_record(const struct loading *l,
					 struct json_object *o)
{
	uint64_t ino = (uint64_t) record_number(o, "ino", 0);
	const char *key = record_text(o, "key");
	size_t at = index_get(&l->by_ino, ino);
	char other[KEY_SIZE];

	if (!ino)
		return path_of_old_record(l->m, o);
	if (at == INDEX_NONE)
		at = index_get(&l->by_key, str_hash(key));
	if (at == INDEX_NONE)
		return NULL;
	manager_path_key(l->m, &l->m->now->paths[at], other);
	return str_equal(key, other) ? &l->m->now->paths[at] : NULL;
}

static void load_one(void *userdata, const char *name, struct json_object *o)
{
	struct loading *l = userdata;
	struct manager *m = l->m;
	char now_called[HOLD_RECORD_NAME_SIZE];
	const struct path *p = path_of_record(l, o);
	struct hold h;

	hold_record_read(o, &h);
	/* "" says nothing: it may be held still */
	if (!p || str_equal(p->admin_state, "online")) {
		log_notice("%s is not held any more, forgetting who held it", h.path);
		record_remove(m->config.run_dir, name);
		return;
	}
	STR_COPY(h.path, p->o.name);
	h.ino = p->o.ino;
	manager_path_key(m, p, h.key);
	if (book_add(m, &h) < 0)
		return;
	hold_record_name(&h, now_called);
	if (!str_equal(name, now_called) && hold_record_save(m, &h) >= 0)
		record_remove(m->config.run_dir, name);
	log_notice("%s is still held by uid %" PRIu32 "%s%s", h.path, h.uid,
		   h.reason[0] ? ": " : "", h.reason);
}

int holds_load(struct manager *m)
{
	struct loading l = { .m = m };
	int r = index_paths(&l);

	if (r >= 0)
		r = record_each(m->config.run_dir, HOLD_RECORD_PREFIX, m->boot_id, load_one, &l);
	index_done(&l.by_ino);
	index_done(&l.by_key);
	if (r >= 0)
		leases_changed(m);
	return r;
}

#define STRANGERS_NAMED 20

void holds_say_strangers(const struct manager *m)
{
	const struct snapshot *s = m->now;
	char names[STRANGERS_NAMED * (NAME_SIZE + 2)] = "";
	size_t n = 0;

	for (size_t i = 0; i < s->n_paths; i++) {
		const struct path *p = &s->paths[i];

		if (!str_equal(p->admin_state, "hold") || hold_find(m, p->o.name))
			continue;
		if (n++ < STRANGERS_NAMED)
			str_append(names, sizeof(names), "%s%s", names[0] ? ", " : "",
				   p->o.name);
	}
	if (n)
		log_notice("%zu paths are held by nobody that is known, and stay so until somebody releases them (nvmpathctl release): %s%s",
			   n, names, n > STRANGERS_NAMED ? " and others" : "");
}

void holds_done(struct manager *m)
{
	sd_event_source_disable_unref(m->lease_timer);
	for (size_t i = 0; i < m->n_holds; i++)
		free(m->holds[i]);
	free(m->holds);
}
