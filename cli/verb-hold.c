/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "act.h"
#include "bus.h"
#include "say.h"
#include "target.h"
#include "text.h"
#include "verbs.h"

/* "nvme3 (8 paths)", or the path's name alone. */
static void name_with_paths(char *buf, size_t size, const struct model *m,
			    const struct scope *s)
{
	size_t n = scope_count_paths(s, m);

	if (s->object && s->object->kind == KIND_PATH)
		(void) snprintf(buf, size, "%s", s->text);
	else
		(void) snprintf(buf, size, "%s (%zu path%s)", s->text, n, n == 1 ? "" : "s");
}

static enum nvmpath_exit find(const struct context *c, const char *verb, const char *text,
			      struct model *m, struct scope *ret)
{
	enum nvmpath_exit code = bus_read_topology(c->bus, false, m);

	return code == NVMPATH_EXIT_OK ? target_to_act_on(m, verb, text, ret) : code;
}

static void say_held(const struct context *c, const struct model *m, const struct scope *s)
{
	char name[SCOPE_TEXT_MAX + 64], ttl[TEXT_MAX];

	if (c->args->quiet)
		return;
	name_with_paths(name, sizeof(name), m, s);
	if (c->args->ttl_usec)
		say("Held %s; released after %s.", name,
		    text_duration(ttl, c->args->ttl_usec));
	else
		say("Held %s.", name);
}

enum nvmpath_exit verb_hold(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	enum nvmpath_exit code;
	struct scope s;

	code = find(c, "hold", object, &m, &s);
	if (code == NVMPATH_EXIT_OK)
		code = act_hold(c, &s, 0);
	if (code != NVMPATH_EXIT_OK)
		return code;
	say_held(c, &m, &s);
	if (c->args->flags & NVMPATH_FLAG_LEASE)
		act_wait_bound(s.text);
	return NVMPATH_EXIT_OK;
}

enum nvmpath_exit verb_release(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	char name[SCOPE_TEXT_MAX + 64];
	enum nvmpath_exit code;
	struct scope s;

	code = find(c, "release", object, &m, &s);
	if (code == NVMPATH_EXIT_OK)
		code = act_release(c, &s);
	if (code != NVMPATH_EXIT_OK)
		return code;
	name_with_paths(name, sizeof(name), &m, &s);
	if (!c->args->quiet)
		say("Released %s.", name);
	return NVMPATH_EXIT_OK;
}
