/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "follow.h"
#include "parse.h"
#include "props.h"
#include "removal.h"
#include "target.h"
#include "util.h"
#include "verbs.h"

/* Drain and Remove: (t timeout_usec, s reason, t flags) -> o removal */
static int new_call(const struct context *c, const struct object *o, const char *member,
		    sd_bus_message **ret)
{
	int r;

	r = bus_new_call(c->bus, o, member, ret);
	if (r < 0)
		return r;
	return sd_bus_message_append(*ret, "tst", c->args->timeout_usec, c->args->reason,
				     UINT64_C(0));
}

static int read_removal(sd_bus_message *reply, struct object **ret)
{
	__attribute__((cleanup(object_freep))) struct object *o = object_new(KIND_REMOVAL);
	const char *path;
	int r;

	r = sd_bus_message_read_basic(reply, 'o', &path);
	if (r < 0)
		return r;
	if (!o)
		return -ENOMEM;
	o->bus_path = strdup(path);
	o->name = parse_object_name(path);
	if (!o->bus_path || !o->name)
		return -ENOMEM;
	*ret = o;
	o = NULL;
	return 0;
}

static enum nvmpath_exit ask(const struct context *c, const struct object *target,
			     const char *verb, const char *member, struct object **ret)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *reply = NULL;
	enum nvmpath_exit code;
	char what[128];
	int r;

	(void) snprintf(what, sizeof(what), "%s %s", verb, target->name);
	r = new_call(c, target, member, &m);
	if (r < 0)
		return bus_fail(what, NULL, r);
	code = bus_call(c->bus, m, what, &reply);
	if (code != NVMPATH_EXIT_OK)
		return code;
	r = read_removal(reply, ret);
	return r < 0 ? bus_fail(what, NULL, r) : NVMPATH_EXIT_OK;
}

static enum nvmpath_exit act(const struct context *c, const char *text, const char *verb,
			     const char *member)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	__attribute__((cleanup(object_freep))) struct object *removal = NULL;
	const struct object *target;
	enum nvmpath_exit code;

	code = bus_read_model(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK)
		code = target_path_or_controller(&m, verb, text, &target);
	if (code != NVMPATH_EXIT_OK)
		return code;
	follow_block_signals();
	code = ask(c, target, verb, member, &removal);
	if (code != NVMPATH_EXIT_OK)
		return code;
	return removal_see_through(c, &m, (struct removal *) removal, verb, true);
}

enum nvmpath_exit verb_drain(const struct context *c, const char *object)
{
	return act(c, object, "drain", "Drain");
}

enum nvmpath_exit verb_remove(const struct context *c, const char *object)
{
	return act(c, object, "remove", "Remove");
}
