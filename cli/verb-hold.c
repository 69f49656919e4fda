/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>

#include "bus.h"
#include "say.h"
#include "target.h"
#include "verbs.h"

/* "nvme3 (8 paths)", or the path's name alone. */
static void name_with_paths(char *buf, size_t size, const struct object *o)
{
	const struct controller *c = (const struct controller *) o;
	size_t n;

	(void) snprintf(buf, size, "%s", o->name);
	if (o->kind != KIND_CONTROLLER)
		return;
	n = strv_len(c->paths);
	(void) snprintf(buf, size, "%s (%zu path%s)", o->name, n, n == 1 ? "" : "s");
}

/* Hold(s reason, t flags); Release(t flags) has no reason. */
static int new_call(const struct context *c, const struct object *o, const char *member,
		    const char *reason, sd_bus_message **ret)
{
	uint64_t flags = 0;
	int r;

	r = bus_new_call(c->bus, o, member, ret);
	if (r >= 0 && reason)
		r = sd_bus_message_append_basic(*ret, 's', reason);
	if (r >= 0)
		r = sd_bus_message_append_basic(*ret, 't', &flags);
	return r;
}

static enum nvmpath_exit call(const struct context *c, const struct object *o,
			      const char *verb, const char *member, const char *reason)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	char what[128];
	int r;

	(void) snprintf(what, sizeof(what), "%s %s", verb, o->name);
	r = new_call(c, o, member, reason, &m);
	if (r < 0)
		return bus_fail(what, NULL, r);
	return bus_call(c->bus, m, what, NULL);
}

static enum nvmpath_exit act(const struct context *c, const char *text, const char *verb,
			     const char *member, const char *reason, const char *done)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	const struct object *o;
	enum nvmpath_exit code;
	char name[128];

	code = bus_read_model(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK)
		code = target_path_or_controller(&m, verb, text, &o);
	if (code == NVMPATH_EXIT_OK)
		code = call(c, o, verb, member, reason);
	if (code != NVMPATH_EXIT_OK)
		return code;
	name_with_paths(name, sizeof(name), o);
	if (!c->args->quiet)
		say("%s %s.", done, name);
	return NVMPATH_EXIT_OK;
}

enum nvmpath_exit verb_hold(const struct context *c, const char *object)
{
	return act(c, object, "hold", "Hold", c->args->reason, "Held");
}

enum nvmpath_exit verb_release(const struct context *c, const char *object)
{
	return act(c, object, "release", "Release", NULL, "Released");
}
