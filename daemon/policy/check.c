/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/str.h"
#include "check.h"
#include "hold.h"
#include "job.h"
#include "kernel/control.h"

static int say(char message[MESSAGE_SIZE], int error, const char *fmt, ...)
	_printf_(3, 4);

static int say(char message[MESSAGE_SIZE], int error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void) vsnprintf(message, MESSAGE_SIZE, fmt, ap);
	va_end(ap);
	return error;
}

static int find_paths(const struct manager *m, enum object_kind kind,
		      const char *name, struct names *paths,
		      char message[MESSAGE_SIZE])
{
	int r;

	if (kind != OBJECT_PATH && kind != OBJECT_CONTROLLER)
		return say(message, -EMEDIUMTYPE,
			   "%s is a %s: name one of its paths or a controller",
			   name, object_kind_to_string(kind));
	r = impact_paths(m->now, kind, name, paths);
	if (r == -ENXIO)
		return say(message, r, "there is no %s %s",
			   object_kind_to_string(kind), name);
	if (r < 0)
		return say(message, r, "out of memory");
	if (!paths->n)
		return say(message, -ECONNREFUSED,
			   "%s carries no path to any namespace: nothing to do here",
			   name);
	return 0;
}

static int check_kernel(const struct manager *m, const struct names *paths,
			char message[MESSAGE_SIZE])
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct path *p = snapshot_path(m->now, paths->v[i]);

		if (p && !(p->features & FEATURE_BIT(FEATURE_ADMIN_STATE)))
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

static int check_last(const struct manager *m, const char *name,
		      const struct names *paths, char message[MESSAGE_SIZE])
{
	_cleanup_(names_done) struct names lost = {};
	int r = impact_lost(m->now, paths, &lost);

	if (r < 0)
		return say(message, r, "out of memory");
	if (!lost.n)
		return 0;
	(void) say(message, 0, "without %s no usable path is left to", name);
	for (size_t i = 0; i < lost.n; i++)
		str_append(message, MESSAGE_SIZE, "%s %s", i ? "," : "", lost.v[i]);
	return -EADDRINUSE;
}

int check_hold(const struct manager *m, enum object_kind kind, const char *name,
	       struct names *paths, char message[MESSAGE_SIZE])
{
	int r = find_paths(m, kind, name, paths, message);

	if (r >= 0)
		r = check_kernel(m, paths, message);
	if (r >= 0)
		r = check_quiet(m, paths, message);
	if (r >= 0)
		r = check_last(m, name, paths, message);
	return r;
}

int check_release(const struct manager *m, enum object_kind kind,
		  const char *name, struct names *paths,
		  char message[MESSAGE_SIZE])
{
	int r = find_paths(m, kind, name, paths, message);

	if (r >= 0)
		r = check_kernel(m, paths, message);
	if (r >= 0)
		r = check_quiet(m, paths, message);
	return r;
}

/* Without the queue's own count nobody can tell when a path is quiet. */
static int check_iostats(const struct manager *m, const struct names *paths,
			 char message[MESSAGE_SIZE])
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct path *p = snapshot_path(m->now, paths->v[i]);
		bool on = false;

		if (!p || (path_read_iostats(m->root_fd, p, &on) >= 0 && on))
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

static int check_other_removal(const struct manager *m, const struct names *paths,
			       char message[MESSAGE_SIZE])
{
	const struct path *p = snapshot_path(m->now, paths->v[0]);
	const struct job *j = p ? job_in_subsystem(m, p->subsystem) : NULL;

	if (!j)
		return 0;
	return say(message, -ECONNREFUSED,
		   "removal %" PRIu32 " of %s is running in %s: one at a time",
		   j->id, j->object, p->subsystem);
}

int check_removal(const struct manager *m, enum removal_kind removal,
		  enum object_kind kind, const char *name, struct names *paths,
		  char message[MESSAGE_SIZE])
{
	int r = find_paths(m, kind, name, paths, message);

	if (r >= 0)
		r = check_kernel(m, paths, message);
	if (r >= 0)
		r = check_other_removal(m, paths, message);
	if (r >= 0)
		r = check_settled(m, paths, message);
	if (r >= 0 && removal == KIND_REMOVE && kind == OBJECT_PATH)
		r = check_known_facts(m, name, message);
	if (r >= 0)
		r = check_last(m, name, paths, message);
	if (r >= 0)
		r = check_iostats(m, paths, message);
	return r;
}
