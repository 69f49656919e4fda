/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "act.h"
#include "bus.h"
#include "follow.h"
#include "props.h"
#include "removal.h"
#include "target.h"
#include "util.h"
#include "verbs.h"

static void free_removal(struct removal **r)
{
	if (*r)
		(void) object_free(&(*r)->object);
}

static enum nvmpath_exit act(const struct context *c, const char *text, const char *verb,
			     const char *member)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	__attribute__((cleanup(free_removal))) struct removal *removal = NULL;
	enum nvmpath_exit code;
	struct scope s;

	code = bus_read_topology(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK)
		code = target_to_act_on(&m, verb, text, &s);
	if (code != NVMPATH_EXIT_OK)
		return code;
	follow_block_signals();
	code = act_removal(c, &s, verb, member, 0, &removal);
	if (code == NVMPATH_EXIT_OK)
		code = removal_see_through(c, &m, removal, verb, true);
	if (code == NVMPATH_EXIT_OK && c->args->flags & NVMPATH_FLAG_LEASE && removal->held)
		act_wait_bound(s.text);
	return code;
}

enum nvmpath_exit verb_drain(const struct context *c, const char *object)
{
	return act(c, object, "drain", "Drain");
}

enum nvmpath_exit verb_remove(const struct context *c, const char *object)
{
	return act(c, object, "remove", "Remove");
}
