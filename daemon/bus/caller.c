/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who asks, and the verbs that change something. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "auth.h"
#include "base/log.h"
#include "base/str.h"
#include "object.h"
#include "policy/hold.h"

int verb_flags(sd_bus_message *m, uint64_t known, uint64_t *ret,
	       sd_bus_error *error)
{
	int r = sd_bus_message_read(m, "t", ret);

	if (r < 0)
		return r;
	if (*ret & ~known)
		return bus_error(error, -EINVAL, known ?
				 "a flag that is not defined for this method" :
				 "no flag is defined: must be 0");
	return 0;
}

int verb_check_reason(const char *reason, sd_bus_error *error)
{
	if (strlen(reason) >= REASON_SIZE)
		return bus_error(error, -EINVAL, "the reason is too long (255 bytes at most)");
	for (const char *s = reason; *s; s++)
		if ((unsigned char) *s < ' ')
			return bus_error(error, -EINVAL,
					 "the reason has a control character in it");
	return 0;
}

/* The answer to a Hold or Release, when the last path's write is through. */
void verb_hold_done(void *userdata, int result, const char *message)
{
	sd_bus_message *call = userdata;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r;

	if (result >= 0) {
		r = sd_bus_reply_method_return(call, NULL);
	} else {
		(void) bus_error(&error, result, message);
		r = sd_bus_reply_method_error(call, &error);
		sd_bus_error_free(&error);
	}
	if (r < 0)
		(void) log_warning_errno(r, "Failed to answer, ignoring: %m");
	sd_bus_message_unref(call);
}

static int verb_write(sd_bus_message *m, const char *name, bool hold,
		      const char *reason, sd_bus_error *error)
{
	struct hold_request q = { .target = name, .hold = hold, .reason = reason };
	struct bus *b = bus_of(sd_bus_message_get_bus(m));
	char message[MESSAGE_SIZE] = "";
	uint64_t flags;
	int r;

	r = verb_flags(m, 0, &flags, error);
	if (r >= 0)
		r = verb_check_reason(reason, error);
	if (r >= 0)
		r = auth_check(m, AUTH_HOLD, false, name, &q.uid, error);
	if (r)
		return r;
	r = hold_request(b->m, &q, verb_hold_done, sd_bus_message_ref(m), message);
	if (r < 0) {
		sd_bus_message_unref(m);
		return bus_error(error, r, message[0] ? message : strerror(-r));
	}
	return 1;	/* answered later */
}

int verb_hold(sd_bus_message *m, const char *target, sd_bus_error *error)
{
	const char *reason;
	int r = sd_bus_message_read(m, "s", &reason);

	return r < 0 ? r : verb_write(m, target, true, reason, error);
}

int verb_release(sd_bus_message *m, const char *target, sd_bus_error *error)
{
	return verb_write(m, target, false, "", error);
}

int verb_reply_removal(sd_bus_message *m, const struct job *j)
{
	_cleanup_free_ char *path = NULL;
	char name[NAME_SIZE];
	int r;

	(void) snprintf(name, sizeof(name), "%" PRIu32, j->id);
	r = sd_bus_path_encode(NVMPATH_OBJ_REMOVAL, name, &path);
	if (r < 0)
		return r;
	return sd_bus_reply_method_return(m, "o", path);
}

int verb_removal(sd_bus_message *m, enum removal_kind removal,
		 const char *target, sd_bus_error *error)
{
	struct bus *b = bus_of(sd_bus_message_get_bus(m));
	struct job_request q = { .kind = removal, .target = target };
	char message[MESSAGE_SIZE] = "";
	uint64_t flags;
	struct job *j;
	int r;

	r = sd_bus_message_read(m, "ts", &q.timeout_usec, &q.reason);
	if (r < 0)
		return r;
	r = verb_flags(m, 0, &flags, error);
	if (r >= 0)
		r = verb_check_reason(q.reason, error);
	if (r >= 0)
		r = auth_check(m, AUTH_REMOVE, false, target, &q.uid, error);
	if (r)
		return r;
	r = job_start(b->m, &q, &j, message);
	if (r < 0)
		return bus_error(error, r, message[0] ? message : strerror(-r));
	return verb_reply_removal(m, j);
}
