/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Small JSON files in the run directory, one a hold and one a removal. Each
 * carries the boot id: after a boot no hold and no removal of before exists.
 */
#ifndef NVMPATH_POLICY_RECORD_H
#define NVMPATH_POLICY_RECORD_H

#include <stdint.h>
#include <json-c/json.h>

#include "base/macro.h"

/* Grows when an older daemon would misread what a newer one writes. */
#define RECORD_VERSION 2

/*
 * Writes @name in @dir with mode 0600, whole or not at all (a temporary file
 * that is renamed). Adds boot id and version to @o. No fsync: it has to survive the
 * daemon, not the machine.
 */
int record_save(const char *dir, const char *name, const char *boot_id,
		struct json_object *o);

/* That it is not there counts as done. */
void record_remove(const char *dir, const char *name);

typedef void (*record_func_t)(void *userdata, const char *name,
			      struct json_object *o);

/*
 * Calls @func for each record whose name begins with @prefix and which is of
 * this boot. One of another boot is removed; one that cannot be read, or that a
 * newer daemon wrote, is left where it is and said in the log.
 */
int record_each(const char *dir, const char *prefix, const char *boot_id,
		record_func_t func, void *userdata);

/*
 * The highest N of the records @prefix N ".json" that are there, whether they can be read
 * or not; 0 where there is none.
 */
uint32_t record_highest(const char *dir, const char *prefix);

/* "" or @fallback where the member is missing or of another type. */
const char *record_text(struct json_object *o, const char *key);
int64_t record_number(struct json_object *o, const char *key, int64_t fallback);

void record_add_text(struct json_object *o, const char *key, const char *v);
void record_add_number(struct json_object *o, const char *key, int64_t v);

static inline struct json_object *json_free(struct json_object *o)
{
	json_object_put(o);
	return NULL;
}
DEFINE_CLEANUP(struct json_object *, json_free)

#endif
