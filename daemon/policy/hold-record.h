/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A hold's file in the run directory (record.h). */
#ifndef NVMPATH_POLICY_HOLD_RECORD_H
#define NVMPATH_POLICY_HOLD_RECORD_H

#include "hold.h"
#include "record.h"

#define HOLD_RECORD_PREFIX "hold-"
#define HOLD_RECORD_NAME_SIZE 64

/* By the object, too: two connections to one place have the same key. */
void hold_record_name(const struct hold *h, char name[HOLD_RECORD_NAME_SIZE]);

/* Negative errno. */
int hold_record_save(const struct manager *m, const struct hold *h);

/*
 * What it says; "" and 0 where it says nothing. Path, inode and key are those of then:
 * whether there is such a path the caller finds out.
 */
void hold_record_read(struct json_object *o, struct hold *ret);

#endif
