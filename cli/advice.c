/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "advice.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "describe.h"

static void add(struct advice *a, char ***list, const char *fmt, ...) _printf_(3, 4);

static void add(struct advice *a, char ***list, const char *fmt, ...)
{
	size_t n = strv_len(*list);
	char **more = reallocarray(*list, n + 2, sizeof(*more));
	va_list ap;

	if (!more) {
		a->error = -ENOMEM;
		return;
	}
	*list = more;
	va_start(ap, fmt);
	if (vasprintf(&more[n], fmt, ap) < 0) {
		more[n] = NULL;
		a->error = -ENOMEM;
	}
	va_end(ap);
	more[n + 1] = NULL;
}

static void free_list(char **list)
{
	for (char **t = list; t && *t; t++)
		free(*t);
	free(list);
}

void advice_done(struct advice *a)
{
	free_list(a->why);
	free_list(a->may);
	*a = (struct advice) { 0 };
}

static bool is_held(const struct path *p)
{
	return !strcmp(p->admin_state, "hold");
}

/* Whether the namespace has a usable path that is not of this controller. */
static bool has_others(const struct model *m, const struct path *p, bool whole_controller)
{
	for (char **n = p->ns ? p->ns->paths : NULL; n && *n; n++) {
		const struct path *other = model_path(m, *n);

		if (other && other != p && other->usable &&
		    (!whole_controller || other->ctrl != p->ctrl))
			return true;
	}
	return false;
}

/* Usable, as others are, where the policy uses one of them: it may have nothing to do. */
static bool is_one_of_many(const struct model *m, const struct path *p)
{
	const struct subsystem *s = model_subsystem(m, p->subsystem);

	return p->usable && s && !strcmp(s->io_policy, "numa") && has_others(m, p, false);
}

static bool is_observed_only(const struct model *m, struct advice *a)
{
	if (!m->manager || strcmp(m->manager->protection, "observe"))
		return false;
	add(a, &a->may, "nothing: Linux %s has no admin_state; boot a kernel with the patch series",
	    m->manager->kernel_release);
	return true;
}

static void may_take_out(struct advice *a, const char *name, const char *instead)
{
	add(a, &a->may, "nvmpathctl hold %s: no new I/O over it", name);
	add(a, &a->may, "nvmpathctl drain %s: and wait until nothing is in flight", name);
	if (!instead)
		add(a, &a->may, "nvmpathctl remove %s: and detach it", name);
	else
		add(a, &a->may, "nvmpathctl remove %s: and detach the whole controller, which cannot "
		    "detach a single namespace", instead);
}

/* Who holds it may be asked to stop: a removal by its number, else the hold. */
static void may_end_hold(const struct model *m, struct advice *a, const char *name,
			 const char *removal)
{
	const struct removal *r =
		(const struct removal *) model_find(m, KIND_REMOVAL, removal);

	if (r && !removal_is_over(r))
		add(a, &a->may, "nvmpathctl cancel %s: undo the %s of %s", removal,
		    verb_noun(r->kind), r->target);
	else
		add(a, &a->may, "nvmpathctl release %s: it may carry I/O again", name);
}

static void advise_path(const struct model *m, const struct path *p, struct advice *a)
{
	_cleanup_free_ char *words = strdup(p->path_state);
	const char *name = p->object.name;
	char *save = NULL;

	if (path_is_standby(m, p))
		add(a, &a->why, "an optimized path of the namespace is usable and goes first");
	else if (is_one_of_many(m, p))
		add(a, &a->why, "nothing keeps it from use, but under iopolicy numa each NUMA node "
		    "sends over one path, which may be another");
	for (char *w = words ? strtok_r(words, " ", &save) : NULL; w && !p->usable;
	     w = strtok_r(NULL, " ", &save))
		add(a, &a->why, "%s", reason_sentence(w));
	if (is_observed_only(m, a))
		return;
	if (is_held(p))
		may_end_hold(m, a, name, p->removal);
	else if (!has_others(m, p, false))
		add(a, &a->may, "nothing that takes it out of use: %s has no other usable path",
		    p->namespace);
	else
		may_take_out(a, name, p->ctrl && p->ctrl->ns_management_known &&
				      !p->ctrl->has_ns_management ? p->controller : NULL);
}

static void advise_controller(const struct model *m, const struct controller *c,
			      struct advice *a)
{
	const struct path *held = NULL, *last = NULL;

	if (*c->state && strcmp(c->state, "live"))
		add(a, &a->why, "it is %s: none of its paths carries I/O", c->state);
	for (char **n = c->paths; *n; n++) {
		const struct path *p = model_path(m, *n);

		if (p && is_held(p))
			held = p;
		else if (p && p->usable && !has_others(m, p, true))
			last = p;
	}
	if (is_observed_only(m, a))
		return;
	if (held)
		may_end_hold(m, a, c->object.name, held->removal);
	if (last)
		add(a, &a->may, "nothing that takes it out of use: %s has no usable path elsewhere",
		    last->namespace);
	else if (!held)
		may_take_out(a, c->object.name, NULL);
}

/* Heads and subsystems are never taken out as a whole. */
static void advise_whole(struct advice *a, const char *kind, char * const *parts)
{
	if (!*parts)
		add(a, &a->why, "there is no %s", kind);
	else
		add(a, &a->may, "nvmpathctl plan %s: what would remain without this %s", *parts,
		    kind);
}

static void advise_removal(const struct removal *r, struct advice *a)
{
	const char *id = r->object.name;

	if (removal_state_is_cancellable(r->state))
		add(a, &a->may, "nvmpathctl cancel %s: undo it", id);
	if (r->can_restore)
		add(a, &a->may, "nvmpathctl restore %s: bring %s back", id, r->target);
	if (removal_is_over(r) && r->held && !r->can_restore)
		add(a, &a->may, "nvmpathctl release %s: end what it holds", r->target);
}

void advise(const struct model *m, const struct object *o, struct advice *ret)
{
	*ret = (struct advice) {
		.why = calloc(1, sizeof(char *)),
		.may = calloc(1, sizeof(char *)),
	};
	if (!ret->why || !ret->may) {
		ret->error = -ENOMEM;
		return;
	}
	switch (o->kind) {
	case KIND_PATH:
		advise_path(m, (const struct path *) o, ret);
		return;
	case KIND_CONTROLLER:
		advise_controller(m, (const struct controller *) o, ret);
		return;
	case KIND_NAMESPACE:
		advise_whole(ret, "path", ((const struct namespace *) o)->paths);
		return;
	case KIND_SUBSYSTEM:
		advise_whole(ret, "controller", ((const struct subsystem *) o)->controllers);
		return;
	case KIND_REMOVAL:
		advise_removal((const struct removal *) o, ret);
		return;
	case KIND_MANAGER:
	case _KIND_MAX:
	case _KIND_INVALID:
		return;
	}
}
