/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scope.h"

#include <string.h>

static bool is_named(const struct object *scope, enum object_kind kind, const char *name)
{
	return scope->kind == kind && !strcmp(scope->name, name);
}

bool scope_has_path(const struct object *scope, const struct path *p)
{
	return !scope || is_named(scope, KIND_PATH, p->object.name) ||
	       is_named(scope, KIND_CONTROLLER, p->controller) ||
	       is_named(scope, KIND_NAMESPACE, p->namespace) ||
	       is_named(scope, KIND_SUBSYSTEM, p->subsystem);
}

bool scope_has_controller(const struct object *scope, const struct controller *c)
{
	return !scope || is_named(scope, KIND_CONTROLLER, c->object.name) ||
	       is_named(scope, KIND_SUBSYSTEM, c->subsystem);
}

bool scope_has_namespace(const struct object *scope, const struct namespace *ns)
{
	return !scope || is_named(scope, KIND_NAMESPACE, ns->object.name) ||
	       is_named(scope, KIND_SUBSYSTEM, ns->subsystem);
}

/* The subsystem that the object belongs to, "" for none. */
static const char *subsystem_of(const struct object *o)
{
	switch (o->kind) {
	case KIND_SUBSYSTEM:
		return o->name;
	case KIND_CONTROLLER:
		return ((const struct controller *) o)->subsystem;
	case KIND_NAMESPACE:
		return ((const struct namespace *) o)->subsystem;
	case KIND_PATH:
		return ((const struct path *) o)->subsystem;
	case KIND_REMOVAL:
	case KIND_MANAGER:
	case _KIND_MAX:
	case _KIND_INVALID:
		break;
	}
	return "";
}

bool scope_has_subsystem(const struct object *scope, const struct subsystem *s)
{
	return !scope || !strcmp(subsystem_of(scope), s->object.name);
}
