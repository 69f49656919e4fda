/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The book of holds: who keeps which path out of use, and why. The kernel
 * knows that a path is held; this book knows the rest, and its records let it
 * survive a restart. A path that somebody held by writing to sysfs is held,
 * too, but is not in the book.
 */
#ifndef NVMPATH_POLICY_HOLD_H
#define NVMPATH_POLICY_HOLD_H

#include "core/impact.h"
#include "manager.h"

struct hold {
	char path[NAME_SIZE];
	uint64_t ino;
	char key[KEY_SIZE];
	char reason[REASON_SIZE];
	uint32_t uid;
	uint64_t since_usec;		/* realtime */
	uint32_t removal;		/* id, 0: asked for by itself */
	uint64_t expires_usec;		/* realtime, for people; 0: never */
	uint64_t expires_boottime_usec;	/* what counts */
	char lease[LEASE_SIZE];		/* the connection it is bound to, or "" */
	bool forced;			/* below the floors, if it went there */
	bool lapsed;			/* which is gone */
	bool said_over;
	bool in_flight;			/* a write to admin_state is under way */
	uint64_t serial;		/* of this time that it was taken; not on record */
};

/* Borrowed; NULL where the book has nothing on the path. */
const struct hold *hold_find(const struct manager *m, const char *path);

/* Who asks for a hold; borrowed for the call. */
struct hold_owner {
	const char *reason;
	uint32_t uid;
	uint32_t removal;
	uint64_t ttl_usec;		/* 0: until it is released */
	const char *lease;		/* see lease.h; NULL: none */
	bool forced;
};

typedef void (*hold_done_t)(void *userdata, int result, const char *message);

/*
 * Holds (or releases) these paths, all at once, and calls @done when the last
 * write is through: 0, or the first error with a sentence for people. A hold
 * is in the book and on record before its write; a release leaves the book
 * after it. Paths that are gone count as released. What was held when
 * another failed stays held: the caller undoes it.
 * An error at once means that nothing was begun and @done will not be called.
 */
int hold_write(struct manager *m, const struct names *paths, bool hold,
	       const struct hold_owner *owner, hold_done_t done, void *userdata);

/*
 * The whole of a Hold or Release that somebody asked for: checks, writes,
 * undoes a half-done hold, then calls @done. -errno at once with @message
 * where it is refused (NVMPATH_BUS_ERRORS); @done is not called then.
 */
struct hold_request {
	const char *target;
	bool hold;			/* or release */
	bool force;			/* below the floors */
	const char *reason;
	uint32_t uid;
	uint64_t ttl_usec;		/* 0: until it is released */
	const char *lease;		/* see lease.h; NULL: none */
};
int hold_request(struct manager *m, const struct hold_request *q,
		 hold_done_t done, void *userdata, char message[MESSAGE_SIZE]);

/*
 * A path that is held already: from now on it is that owner's, without the time
 * to live or the lease of the one before. Where that cannot be recorded it stays
 * as it was; negative errno then.
 */
int hold_take_over(struct manager *m, const struct path *p,
		   const struct hold_owner *owner);

/* The path's object went, and its hold with it. */
void hold_forget(struct manager *m, const struct path *p);

/* admin_state reads otherwise than before: perhaps somebody else wrote it. */
void hold_path_changed(struct manager *m, const struct path *p);

/* Reads the records; drops those whose path is not held any more. */
int holds_load(struct manager *m);
/* Names, in the log, what is held and is not in the book. */
void holds_say_strangers(const struct manager *m);
void holds_done(struct manager *m);

#endif
