/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "act.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "parse.h"
#include "props.h"
#include "say.h"
#include "target.h"
#include "util.h"

static int new_hold(const struct context *c, const struct scope *s, uint64_t flags,
		    sd_bus_message **ret)
{
	bool whole = flags || c->args->ttl_usec;
	int r;

	r = target_new_call(c->bus, s, whole, "Hold", ret);
	if (r >= 0)
		r = sd_bus_message_append_basic(*ret, 's', c->args->reason);
	if (r >= 0 && (whole || !s->object))
		r = sd_bus_message_append_basic(*ret, 't', &c->args->ttl_usec);
	return r < 0 ? r : sd_bus_message_append_basic(*ret, 't', &flags);
}

static int new_release(const struct context *c, const struct scope *s, sd_bus_message **ret)
{
	uint64_t flags = 0;
	int r;

	r = target_new_call(c->bus, s, false, "Release", ret);
	return r < 0 ? r : sd_bus_message_append_basic(*ret, 't', &flags);
}

static int new_removal(const struct context *c, const struct scope *s, const char *member,
		       uint64_t flags, sd_bus_message **ret)
{
	int r;

	r = target_new_call(c->bus, s, flags != 0, member, ret);
	if (r < 0)
		return r;
	return sd_bus_message_append(*ret, "tst", c->args->timeout_usec, c->args->reason, flags);
}

/* Sends what was built, or says why it could not be; r is how building it went. */
static enum nvmpath_exit send(const struct context *c, int r, sd_bus_message *m, const char *verb,
			      const struct scope *s, sd_bus_message **ret)
{
	char what[SCOPE_TEXT_MAX + 32];

	(void) snprintf(what, sizeof(what), "%s %s", verb, s->text);
	if (r < 0)
		return bus_fail(what, NULL, r);
	return bus_call(c->bus, m, what, ret);
}

enum nvmpath_exit act_hold(const struct context *c, const struct scope *s, uint64_t flags)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	int r = new_hold(c, s, c->args->flags | flags, &m);

	return send(c, r, m, "hold", s, NULL);
}

enum nvmpath_exit act_release(const struct context *c, const struct scope *s)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	int r = new_release(c, s, &m);

	return send(c, r, m, "release", s, NULL);
}

static int read_removal(sd_bus_message *reply, struct removal **ret)
{
	__attribute__((cleanup(object_freep))) struct object *o = object_new(KIND_REMOVAL);
	const char *path;
	int r;

	r = sd_bus_message_read_basic(reply, 'o', &path);
	if (r < 0)
		return r;
	if (!o)
		return -ENOMEM;
	o->name = parse_object_name(path);
	if (!o->name)
		return -ENOMEM;
	*ret = (struct removal *) o;
	o = NULL;
	return 0;
}

enum nvmpath_exit act_removal(const struct context *c, const struct scope *s, const char *verb,
			      const char *member, uint64_t flags, struct removal **ret)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *reply = NULL;
	enum nvmpath_exit code;
	int r;

	r = new_removal(c, s, member, c->args->flags | flags, &m);
	code = send(c, r, m, verb, s, &reply);
	if (code != NVMPATH_EXIT_OK)
		return code;
	r = read_removal(reply, ret);
	return r < 0 ? bus_fail(verb, NULL, r) : NVMPATH_EXIT_OK;
}

void act_wait_bound(const char *what)
{
	sigset_t set;
	int caught;

	(void) sigemptyset(&set);
	(void) sigaddset(&set, SIGINT);
	(void) sigaddset(&set, SIGTERM);
	(void) sigaddset(&set, SIGHUP);
	(void) sigprocmask(SIG_BLOCK, &set, NULL);
	say("%s is held until this ends (Ctrl-C).", what);
	(void) fflush(stdout);
	(void) sigwait(&set, &caught);
}
