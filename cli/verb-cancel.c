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
	const struct removal *found;

	if (resolve_running(m, text, &found) < 0) {
		say_error("cannot cancel %s: no drain or removal of it is running; see: "
			  "nvmpathctl list removal", text);
		return NVMPATH_EXIT_NO_SUCH_OBJECT;
	}
	if (removal_is_over(found)) {
		say_error("cannot cancel removal %s of %s: it is %s already",
			  found->object.name, found->target, found->state);
		return NVMPATH_EXIT_REFUSED;
	}
	/* found lives in our own model, which is not const. */
	*ret = (struct removal *) model_find(m, KIND_REMOVAL, found->object.name);
	return NVMPATH_EXIT_OK;
}

static enum nvmpath_exit ask(const struct context *c, const struct removal *r)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	uint64_t flags = 0;
	char what[128];
	int e;

	(void) snprintf(what, sizeof(what), "cancel the %s of %s", verb_noun(r->kind), r->target);
	e = bus_new_call(c->bus, &r->object, "Cancel", &m);
	if (e >= 0)
		e = sd_bus_message_append_basic(m, 't', &flags);
	return e < 0 ? bus_fail(what, NULL, e) : bus_call(c->bus, m, what, NULL);
}

enum nvmpath_exit verb_cancel(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	struct removal *r = NULL;
	enum nvmpath_exit code;

	code = bus_read_model(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK)
		code = find(&m, object, &r);
	if (code == NVMPATH_EXIT_OK)
		code = ask(c, r);
	return code == NVMPATH_EXIT_OK ? removal_see_cancelled(c, r) : code;
}
