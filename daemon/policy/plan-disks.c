/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a forced removal would take away for good, and who uses that. */
#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "kernel/disk.h"
#include "plan.h"

/* "DEVICE NODE" */
static int say_holders(struct plan *p, const struct lines *holders)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < holders->n; i++) {
		const char *node = strchr(holders->v[i], ' ');

		r = lines_add(&p->warnings, "%s is used by %.*s", node + 1,
			      (int) (node - holders->v[i]), holders->v[i]);
	}
	return r;
}

static int say_disk(const struct manager *m, const struct controller *c, const char *disk,
		    struct plan *p)
{
	_cleanup_(lines_done) struct lines holders = {};
	int r = lines_add(&p->warnings, "%s would go with %s: there is no other path to it",
			  disk, c->o.name);

	if (r < 0)
		return r;
	r = disk_look(m->root_fd, c, disk, &p->disks, &holders);
	if (r == -ENOENT || r == -ENODEV)
		return 0;	/* it went */
	if (r < 0)
		return lines_add(&p->warnings, "who uses %s could not be found out: %s", disk,
				 strerror(-r));
	return say_holders(p, &holders);
}

static int say_disks_of(const struct manager *m, const char *name, struct plan *p)
{
	_cleanup_(names_done) struct names disks = {};
	const struct controller *c = snapshot_controller(m->now, name);
	int r = 0;

	if (!c || disk_find(m->root_fd, c, &disks) < 0)
		return 0;
	for (size_t i = 0; r >= 0 && i < disks.n; i++)
		r = say_disk(m, c, disks.v[i], p);
	return r;
}

int plan_say_disks(const struct manager *m, enum removal_kind kind, struct plan *p)
{
	int r = 0;

	if (kind != KIND_REMOVE || p->scope.kind != OBJECT_CONTROLLER)
		return 0;
	for (size_t i = 0; r >= 0 && i < p->scope.controllers.n; i++)
		r = say_disks_of(m, p->scope.controllers.v[i], p);
	return r;
}

int plan_say_mounts(struct plan *p, const struct lines *mounts)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < mounts->n; i++) {
		const char *target = strchr(mounts->v[i], ' ');

		if (target)
			r = lines_add(&p->warnings, "%.*s is mounted at %s",
				      (int) (target - mounts->v[i]), mounts->v[i], target + 1);
	}
	return r;
}
