/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A removal as a record, and back. */
#ifndef NVMPATH_POLICY_JOB_RECORD_H
#define NVMPATH_POLICY_JOB_RECORD_H

#include "job.h"
#include "record.h"

#define JOB_RECORD_PREFIX "removal-"

int job_save(const struct job *j);
void job_unsave(const struct manager *m, uint32_t id);

/* A job without a manager's list; -EBADMSG where the record is not whole. */
int job_load(struct manager *m, struct json_object *o, struct job **ret);

#endif
