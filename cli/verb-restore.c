/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus.h"
#include "removal.h"
#include "resolve.h"
#include "say.h"
#include "verbs.h"

static enum nvmpath_exit find(const struct model *m, const char *text, struct removal **ret)
{
	if (resolve_removal(m, text, ret) >= 0)
		return NVMPATH_EXIT_OK;
	say_error("cannot restore %s: no removal took it away; see: nvmpathctl list removal",
		  text);
	return NVMPATH_EXIT_NO_SUCH_OBJECT;
}

enum nvmpath_exit verb_restore(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	struct removal *r = NULL;
	enum nvmpath_exit code;

	code = bus_read_topology(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK)
		code = find(&m, object, &r);
	return code == NVMPATH_EXIT_OK ? removal_restore(c, &m, r) : code;
}
