/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a removal would do and leave: its checks and its forecast, without the
 * acts.
 */
#ifndef NVMPATH_POLICY_PLAN_H
#define NVMPATH_POLICY_PLAN_H

#include "base/lines.h"
#include "core/removal.h"
#include "job.h"
#include "kernel/registry.h"
#include "scope.h"

struct plan {
	struct scope scope;
	struct outlook *outlooks;	/* one a namespace */
	enum verdict *verdicts;		/* the same */
	size_t n_outlooks;
	char refused[MESSAGE_SIZE];	/* why it would be refused now, or "" */
	char owner[REGISTRY_OWNER_SIZE];	/* who connected it, by nvme-cli's registry */
	struct lines missing;		/* why Restore could not; none: it could */
	struct lines options;		/* what a connection would have again, and who says so */
	struct lines warnings;
	struct names disks;		/* block devices that would go with their controllers */
	struct lines users;		/* "PID COMM NODE" */
};

typedef void (*plan_done_t)(void *userdata, const struct plan *p);

/*
 * Looks everything up and calls @done, later: finding users takes a walk
 * through /proc. -errno at once with @message where the target names nothing
 * that could be removed (scope.h), or -EBUSY where enough plans wait for their
 * turn; @done is not called then.
 */
int plan_request(struct manager *m, const char *target, enum removal_kind kind,
		 bool force, plan_done_t done, void *userdata,
		 char message[MESSAGE_SIZE]);

/* For plan.c: which disks would go, and what the kernel has made of them. -ENOMEM */
int plan_say_disks(const struct manager *m, enum removal_kind kind, struct plan *p);
/* For plan.c: where they are mounted, "NODE TARGET" (kernel/mounts.h). -ENOMEM */
int plan_say_mounts(struct plan *p, const struct lines *mounts);

/* For plan.c: says of the member's connection where its options are from. */
int plan_say_options(struct plan *p, const struct member *v);

#define PLAN_LOSS_SIZE (NAME_SIZE + 64)

/*
 * For plan.c: the rest of a sentence on @head with a single path left, where it
 * is known that I/O would soon fail without that one; else "".
 */
void plan_say_loss(const struct manager *m, const struct plan *p, const char *head,
		   char text[PLAN_LOSS_SIZE]);

#endif
