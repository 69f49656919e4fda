/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "resolve.h"
#include "say.h"

/* As many names as an error line carries. */
#define NAMES_SHOWN 8

static void join(char *buf, size_t size, const char * const *names, size_t n)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n && i < NAMES_SHOWN && used < size; i++)
		used += (size_t) snprintf(buf + used, size - used, "%s%s", i ? ", " : "",
					  names[i]);
	if (n > NAMES_SHOWN && used < size)
		(void) snprintf(buf + used, size - used, ", ...");
}

/* KEY=VALUE that no controller has: the values that there are. */
static void say_no_value(const struct scope *s, const char *names)
{
	const char *key = scope_key_to_string(s->key);

	if (*names)
		say_error("%s: no controller has that %s; there is %s", s->text, key, names);
	else
		say_error("%s: no controller has a %s at all; see: nvmpathctl list controller",
			  s->text, key);
}

static enum nvmpath_exit not_found(const struct scope *s, const struct candidates *near, int r)
{
	char names[512];

	join(names, sizeof(names), near->names, near->n);
	if (r == -EINVAL)
		say_error("%s: expected a name, traddr=, host-traddr=, host-iface= or pci=",
			  s->text);
	else if (r == -ENOTUNIQ)
		say_error("%s: more than one subsystem has this NQN; name one: %s", s->text,
			  names);
	else if (s->key != SCOPE_OBJECT)
		say_no_value(s, names);
	else if (near->n)
		say_error("%s: no such object; did you mean %s?", s->text, names);
	else
		say_error("%s: no such object; see what there is with: nvmpathctl list",
			  s->text);
	return r == -EINVAL ? NVMPATH_EXIT_USAGE : NVMPATH_EXIT_NO_SUCH_OBJECT;
}

enum nvmpath_exit target_scope(const struct model *m, const char *text, struct scope *ret)
{
	struct candidates near;
	int r = resolve_scope(m, text, ret, &near);

	return r < 0 ? not_found(ret, &near, r) : NVMPATH_EXIT_OK;
}

/* The only controller of a scope; says which there are if it is not the only one. */
static enum nvmpath_exit only_controller(const struct model *m, const struct scope *s,
					 const struct object **ret)
{
	const char *names[NAMES_SHOWN + 1];
	char buf[512];
	size_t n = 0;

	model_each(m, KIND_CONTROLLER, struct controller, c) {
		if (!scope_has_controller(s, c) || n > NAMES_SHOWN)
			continue;
		names[n++] = c->object.name;
		*ret = &c->object;
	}
	if (n == 1)
		return NVMPATH_EXIT_OK;
	join(buf, sizeof(buf), names, n);
	say_error("%s: several controllers have it; name one: %s", s->text, buf);
	return NVMPATH_EXIT_NO_SUCH_OBJECT;
}

enum nvmpath_exit target_any(const struct model *m, const char *text,
			     const struct object **ret)
{
	enum nvmpath_exit code;
	struct scope s;

	code = target_scope(m, text, &s);
	if (code != NVMPATH_EXIT_OK)
		return code;
	*ret = s.object;
	return s.object ? NVMPATH_EXIT_OK : only_controller(m, &s, ret);
}

static void join_list(char *buf, size_t size, char * const *list)
{
	join(buf, size, (const char * const *) list, strv_len(list));
}

/* The controllers behind the head's paths, each once. */
static void join_controllers_of(const struct model *m, const struct namespace *ns,
				char *buf, size_t size)
{
	const char *names[NAMES_SHOWN + 1];
	size_t n = 0;

	for (char **p = ns->paths; *p && n <= NAMES_SHOWN; p++) {
		const struct path *path = model_path(m, *p);
		bool known = !path || !*path->controller;

		for (size_t i = 0; i < n && !known; i++)
			known = !strcmp(names[i], path->controller);
		if (!known)
			names[n++] = path->controller;
	}
	join(buf, size, names, n);
}

static void refuse_head(const struct model *m, const char *verb, const struct namespace *ns)
{
	char paths[512], controllers[512];

	join_list(paths, sizeof(paths), ns->paths);
	join_controllers_of(m, ns, controllers, sizeof(controllers));
	if (!*paths)
		say_error("cannot %s %s: it is a namespace without paths that could be named; "
			  "see: nvmpathctl show %s", verb, ns->object.name, ns->object.name);
	else
		say_error("cannot %s %s: it is a namespace head, reached over all its paths; "
			  "name a path (%s) or a controller (%s) instead",
			  verb, ns->object.name, paths, controllers);
}

static void refuse_subsystem(const char *verb, const struct subsystem *s)
{
	char controllers[512];

	join_list(controllers, sizeof(controllers), s->controllers);
	say_error("cannot %s %s: it is a whole subsystem; name a controller (%s) or one of "
		  "its paths instead", verb, s->object.name, controllers);
}

static enum nvmpath_exit check_kind(const struct model *m, const char *verb,
				    const struct object *o)
{
	switch (o->kind) {
	case KIND_PATH:
	case KIND_CONTROLLER:
		return NVMPATH_EXIT_OK;
	case KIND_NAMESPACE:
		refuse_head(m, verb, (const struct namespace *) o);
		return NVMPATH_EXIT_USAGE;
	case KIND_SUBSYSTEM:
		refuse_subsystem(verb, (const struct subsystem *) o);
		return NVMPATH_EXIT_USAGE;
	case KIND_REMOVAL:
	case KIND_MANAGER:
	case _KIND_MAX:
	case _KIND_INVALID:
		break;
	}
	say_error("cannot %s %s: it is a removal; name a path or a controller", verb, o->name);
	return NVMPATH_EXIT_USAGE;
}

enum nvmpath_exit target_to_act_on(const struct model *m, const char *verb, const char *text,
				   struct scope *ret)
{
	struct candidates near;
	int r = resolve_scope(m, text, ret, &near);

	/* What is behind a PCI function that is no controller, only the daemon sees. */
	if (r == -ENOENT && ret->key == SCOPE_PCI)
		return NVMPATH_EXIT_OK;
	if (r < 0)
		return not_found(ret, &near, r);
	return ret->object ? check_kind(m, verb, ret->object) : NVMPATH_EXIT_OK;
}

int target_new_call(sd_bus *bus, const struct scope *s, bool whole, const char *member,
		    sd_bus_message **ret)
{
	int r;

	if (s->object && !whole)
		return bus_new_call(bus, s->object, member, ret);
	r = bus_new_manager_call(bus, member, ret);
	return r < 0 ? r : sd_bus_message_append_basic(*ret, 's', s->text);
}
