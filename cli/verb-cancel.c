/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "bus.h"
#include "describe.h"
#include "removal.h"
#include "resolve.h"
#include "say.h"
#include "verbs.h"

static enum nvmpath_exit find(const struct model *m, const char *text, struct removal **ret)
{
	if (resolve_running(m, text, ret) < 0) {
		say_error("cannot cancel %s: no drain or removal of it is running; see: "
			  "nvmpathctl list removal", text);
		return NVMPATH_EXIT_NO_SUCH_OBJECT;
	}
	if (removal_is_over(*ret)) {
		say_error("cannot cancel removal %s of %s: it is %s already; see: "
			  "nvmpathctl show %s", (*ret)->object.name, (*ret)->target,
			  (*ret)->state, (*ret)->object.name);
		return NVMPATH_EXIT_REFUSED;
	}
	return NVMPATH_EXIT_OK;
}

enum nvmpath_exit verb_cancel(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	struct removal *r = NULL;
	enum nvmpath_exit code;
	char what[128];

	code = bus_read_topology(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK)
		code = find(&m, object, &r);
	if (code != NVMPATH_EXIT_OK)
		return code;
	(void) snprintf(what, sizeof(what), "cancel the %s of %s", verb_noun(r->kind), r->target);
	code = removal_call(c, r, "Cancel", what);
	return code == NVMPATH_EXIT_OK ? removal_see_cancelled(c, r) : code;
}
