/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What nvme-cli's configuration knows of the connections that will end. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "act-parts.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "kernel/connection.h"
#include "kernel/registry.h"
#include "job-record.h"

/* A file of a few kB; where its disk does not answer, the removal does not wait. */
#define PATIENCE_USEC (5 * USEC_PER_SEC)

struct asking {
	unsigned round;
	char dir[PATH_MAX];
	struct member *members;
	size_t n_members;
	char detail[DETAIL_SIZE];
};

static void asking_free(void *arg)
{
	struct asking *a = arg;

	members_free(a->members, a->n_members);
	free(a);
}

int members_configure(const char *dir, struct member *members, size_t n, char *detail)
{
	_cleanup_free_ struct connection **v = calloc(n, sizeof(*v));
	size_t fabrics = 0;

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		if (members[i].has_connection)
			v[fabrics++] = &members[i].connection;
	return fabrics ? connections_configure(dir, v, fabrics, detail) : 0;
}

static int run(void *arg)
{
	struct asking *a = arg;

	return members_configure(a->dir, a->members, a->n_members, a->detail);
}

/* @a is not there where it took too long: the thread still has it. */
static void on_run(void *userdata, int result, void *arg)
{
	struct job *j = userdata;
	struct asking *a = arg;
	bool late = j->configuring != j->round;

	j->configuring = 0;
	if (late)
		return;
	if (result < 0)
		log_warning("Removal %" PRIu32 ": nvme-cli's configuration is not known, going on without: %s",
			    j->id, a && a->detail[0] ? a->detail : strerror(-result));
	for (size_t i = 0; a && i < j->n_members; i++)
		j->members[i].connection = a->members[i].connection;
	act_configured(j);
}

/*
 * Who made a connection will make it again, unless the exclusion list says otherwise.
 * /run is in memory.
 */
static void note_owners(struct job *j)
{
	char owner[REGISTRY_OWNER_SIZE];

	j->owners[0] = '\0';
	for (size_t i = 0; !j->exclude && i < j->n_members; i++) {
		const char *name = j->members[i].controller.o.name;

		if (!registry_owner(manager_host_root(j->m), name, owner))
			continue;
		str_append(j->owners, sizeof(j->owners),
			   "%s%s was connected by %s, which may connect it again",
			   j->owners[0] ? "; " : "", name, owner);
	}
	if (j->owners[0])
		log_warning("Removal %" PRIu32 ": %s (remove it with --exclude to keep it away)",
			    j->id, j->owners);
}

static bool ends_connections(const struct job *j)
{
	if (j->machine.kind != KIND_REMOVE || j->object_kind != OBJECT_CONTROLLER)
		return false;
	for (size_t i = 0; i < j->n_members; i++)
		if (j->members[i].has_connection)
			return true;
	return false;
}

static int submit(struct job *j)
{
	struct asking *a = calloc(1, sizeof(*a));
	struct worker_call call = {
		.lane = WORKER_FILES,
		.func = run, .arg = a, .free_arg = asking_free,
		.done = on_run, .userdata = j, .timeout_usec = PATIENCE_USEC,
	};

	if (!a)
		return -ENOMEM;
	a->round = j->round;
	(void) snprintf(a->dir, sizeof(a->dir), "%s/etc/nvme", j->m->config.config_root);
	a->members = calloc(j->n_members, sizeof(*a->members));
	if (!a->members) {
		asking_free(a);
		return -ENOMEM;
	}
	a->n_members = j->n_members;
	memcpy(a->members, j->members, j->n_members * sizeof(*a->members));
	j->configuring = j->round;
	return worker_submit(j->m->worker, &call);
}

void act_configure(struct job *j)
{
	int r;

	if (!ends_connections(j)) {
		act_configured(j);
		return;
	}
	note_owners(j);
	r = submit(j);
	if (r < 0)
		job_input(j, INPUT_ERROR, r);
}
