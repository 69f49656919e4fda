/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/index.h"
#include "base/str.h"
#include "hold-record.h"

#define TEXTS(X) X(path) X(key) X(reason) X(lease)
#define NUMBERS(X)							\
	X(ino) X(uid) X(since_usec) X(expires_usec)			\
	X(expires_boottime_usec) X(removal) X(forced)

void hold_record_name(const struct hold *h, char name[HOLD_RECORD_NAME_SIZE])
{
	(void) snprintf(name, HOLD_RECORD_NAME_SIZE,
			HOLD_RECORD_PREFIX "%016" PRIx64 "-%" PRIx64 ".json",
			str_hash(h->key), h->ino);
}

int hold_record_save(const struct manager *m, const struct hold *h)
{
	_cleanup_(json_freep) struct json_object *o = json_object_new_object();
	char name[HOLD_RECORD_NAME_SIZE];

	if (!o)
		return -ENOMEM;
#define SAVE_(key) record_add_text(o, #key, h->key);
	TEXTS(SAVE_)
#undef SAVE_
#define SAVE_(key) record_add_number(o, #key, (int64_t) h->key);
	NUMBERS(SAVE_)
#undef SAVE_
	hold_record_name(h, name);
	return record_save(m->config.run_dir, name, m->boot_id, o);
}

void hold_record_read(struct json_object *o, struct hold *ret)
{
	*ret = (struct hold) {};
#define LOAD_(key) STR_COPY(ret->key, record_text(o, #key));
	TEXTS(LOAD_)
#undef LOAD_
#define LOAD_(key) ret->key = (__typeof__(ret->key)) record_number(o, #key, 0);
	NUMBERS(LOAD_)
#undef LOAD_
}
