/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "hold.h"
#include "job.h"
#include "kernel/control.h"
#include "kernel/disk.h"
#include "say.h"

int say(char message[MESSAGE_SIZE], int error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void) vsnprintf(message, MESSAGE_SIZE, fmt, ap);
	va_end(ap);
	return error;
}

static int check_kernel(const struct manager *m, const struct names *paths,
			char message[MESSAGE_SIZE])
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct path *p = snapshot_path(m->now, paths->v[i]);

		if (!p || p->features & FEATURE_BIT(FEATURE_ADMIN_STATE))
			continue;
		if (m->features & FEATURE_BIT(FEATURE_ADMIN_STATE))
			return say(message, -EBUSY,
				   "%s has no admin_state attribute, which other paths have: it is just coming or going",
				   p->o.name);
		return say(message, -EOPNOTSUPP,
				   "the running kernel (%s) has no admin_state attribute for %s: nothing can be held; nothing was changed",
				   m->kernel_release, p->o.name);
	}
	return 0;
}

/* Two writes to one admin_state at a time might end in either order. */
static int check_settled(const struct manager *m, const struct names *paths,
			 char message[MESSAGE_SIZE])
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct hold *h = hold_find(m, paths->v[i]);

		if (h && h->in_flight)
			return say(message, -EBUSY,
				   "another hold or release of %s is still being written",
				   paths->v[i]);
	}
	return 0;
}

static int check_quiet(const struct manager *m, const struct names *paths,
		       char message[MESSAGE_SIZE])
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct job *j = job_on_path(m, paths->v[i]);

		if (j)
			return say(message, -EBUSY, "removal %" PRIu32 " of %s is at work on %s",
				   j->id, j->object, paths->v[i]);
	}
	return check_settled(m, paths, message);
}

int check_hold(const struct manager *m, const struct scope *s, bool force,
	       char message[MESSAGE_SIZE])
{
	int r = check_kernel(m, &s->paths, message);

	if (r >= 0)
		r = check_quiet(m, &s->paths, message);
	if (r >= 0)
		r = check_left(m, s->target, &s->paths, force, true, message);
	return r;
}

int check_release(const struct manager *m, const struct scope *s,
		  char message[MESSAGE_SIZE])
{
	int r = check_kernel(m, &s->paths, message);

	if (r >= 0)
		r = check_quiet(m, &s->paths, message);
	return r;
}

/* Without drain_state or the queue's own count nobody can tell when it is quiet. */
static int check_iostats(const struct manager *m, const struct names *paths,
			 char message[MESSAGE_SIZE])
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct path *p = snapshot_path(m->now, paths->v[i]);
		bool on = false;

		if (!p || p->features & FEATURE_BIT(FEATURE_DRAIN_STATE) ||
		    (path_read_iostats(m->root_fd, p, &on) >= 0 && on))
			continue;
		return say(message, -ECONNREFUSED,
			   "/sys/block/%s/queue/iostats is not 1: its requests in flight cannot be counted",
			   p->o.name);
	}
	return 0;
}

int check_ns_management(const struct controller *c, bool has_ns_management,
			char message[MESSAGE_SIZE])
{
	if (has_ns_management)
		return 0;
	return say(message, -ECONNREFUSED,
		   "%s cannot detach a single namespace (no Namespace Management): remove the controller %s instead, or hold or drain the path",
		   c->o.name, c->o.name);
}

int check_helper(const struct manager *m, const char *path, char message[MESSAGE_SIZE])
{
	if (manager_helper(m) != HELPER_AWAY)
		return 0;
	return say(message, -ECONNREFUSED,
		   "the helper for admin commands is not running: %s cannot be detached by itself; remove its controller instead, or hold or drain the path",
		   path);
}

static int check_known_facts(const struct manager *m, const char *path,
			     char message[MESSAGE_SIZE])
{
	const struct path *p = snapshot_path(m->now, path);
	const struct controller *c =
		p ? snapshot_controller(m->now, p->controller) : NULL;
	const struct controller_facts *f = c ? manager_facts(m, c) : NULL;

	if (!f || !f->known)
		return 0;	/* the job asks before it holds anything */
	return check_ns_management(c, f->has_ns_management, message);
}

/* A controller that cannot be looked at may have some: better leave it. */
static int check_disks_of(const struct manager *m, const char *name, bool force,
			  char message[MESSAGE_SIZE])
{
	const struct controller *c = snapshot_controller(m->now, name);
	_cleanup_(names_done) struct names disks = {};
	int r = c ? disk_find(m->root_fd, c, &disks) : 0;

	if (r == -ENODEV || r == -ENOENT)
		return 0;	/* it went; that is found elsewhere */
	if (r < 0)
		return say(message, -ECONNREFUSED, "%s cannot be looked at: %s",
			   name, strerror(-r));
	if (!disks.n || force)
		return 0;
	return say(message, -EADDRINUSE,
		   "%s has %s%s, to which there is no other path: a removal would take it away. Detach it first, or force the removal",
		   name, disks.v[0], disks.n > 1 ? " and others" : "");
}

int check_disks(const struct manager *m, const struct names *controllers, bool force,
		char message[MESSAGE_SIZE])
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < controllers->n; i++)
		r = check_disks_of(m, controllers->v[i], force, message);
	return r;
}

int check_removal(const struct manager *m, enum removal_kind removal,
		  const struct scope *s, bool force, char message[MESSAGE_SIZE])
{
	int r = scope_check(s, message);

	if (r >= 0)
		r = check_kernel(m, &s->paths, message);
	if (r >= 0)
		r = check_settled(m, &s->paths, message);
	if (r >= 0 && removal == KIND_REMOVE && s->kind == OBJECT_PATH)
		r = check_helper(m, s->target, message);
	if (r >= 0 && removal == KIND_REMOVE && s->kind == OBJECT_PATH)
		r = check_known_facts(m, s->paths.v[0], message);
	if (r >= 0)
		r = check_left(m, s->target, &s->paths, force, false, message);
	if (r >= 0 && removal == KIND_REMOVE && s->kind == OBJECT_CONTROLLER)
		r = check_disks(m, &s->controllers, force, message);
	if (r >= 0)
		r = check_iostats(m, &s->paths, message);
	return r;
}
