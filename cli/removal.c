/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "removal.h"

#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "describe.h"
#include "follow.h"
#include "json.h"
#include "say.h"
#include "util.h"
#include "verdict.h"

static void print_json(const struct context *c, const struct removal *r,
		       enum nvmpath_exit code)
{
	struct json_object *doc = json_new_document();

	json_add(doc, "removal", json_from_object(&r->object));
	json_add(doc, "exit", json_object_new_int((int) code));
	json_print(doc, c->args->json);
}

/* Good ends go to stdout, the others are errors; JSON has both. */
static void say_verdict(const struct context *c, const struct model *before,
			const struct removal *r, const char *verb, enum nvmpath_exit code)
{
	_cleanup_free_ char *text = verdict_text(before, r, verb);

	if (code != NVMPATH_EXIT_OK)
		say_error("%s", text ?: r->state);
	else if (!c->args->json && !c->args->quiet)
		say("%s", text ?: r->state);
	if (c->args->json)
		print_json(c, r, code);
}

enum nvmpath_exit removal_see_through(const struct context *c, const struct model *before,
				      struct removal *r, const char *verb, bool cancellable)
{
	enum nvmpath_exit code;
	bool cancelled;

	code = follow_removal(c, r, verb, cancellable, &cancelled);
	if (code != NVMPATH_EXIT_OK)
		return code;
	code = verdict_exit(r, verb);
	say_verdict(c, before, r, verb, code);
	return code;
}

enum nvmpath_exit removal_call(const struct context *c, const struct removal *r,
			       const char *member, const char *what)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	uint64_t flags = 0;
	int e;

	e = bus_new_call(c->bus, &r->object, member, &m);
	if (e >= 0)
		e = sd_bus_message_append_basic(m, 't', &flags);
	return e < 0 ? bus_fail(what, NULL, e) : bus_call(c->bus, m, what, NULL);
}

enum nvmpath_exit removal_restore(const struct context *c, const struct model *before,
				  struct removal *r)
{
	enum nvmpath_exit code;
	char what[128];

	(void) snprintf(what, sizeof(what), "restore %s", r->target);
	code = removal_call(c, r, "Restore", what);
	return code == NVMPATH_EXIT_OK ? removal_see_through(c, before, r, "restore", false) :
					 code;
}

enum nvmpath_exit removal_see_cancelled(const struct context *c, struct removal *r)
{
	/* the removal's own word is replaced each time it is read */
	const char *verb = strcmp(r->kind, "remove") ? "drain" : "remove";
	enum nvmpath_exit code;
	bool cancelled, undone;

	code = follow_removal(c, r, verb, false, &cancelled);
	if (code != NVMPATH_EXIT_OK)
		return code;
	undone = !strcmp(r->state, "rolled-back");
	code = undone ? NVMPATH_EXIT_OK : NVMPATH_EXIT_FAILURE;
	if (!undone)
		say_error("the %s of %s was not undone: it is %s; see: nvmpathctl show %s",
			  verb_noun(verb), r->target, r->state, r->object.name);
	else if (!c->args->json && !c->args->quiet)
		say("Cancelled the %s of %s; what it held is released.", verb_noun(verb),
		    r->target);
	if (c->args->json)
		print_json(c, r, code);
	return code;
}
