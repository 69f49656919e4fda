/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>

#include "base/str.h"
#include "core/selector.h"
#include "kernel/behind.h"
#include "say.h"
#include "scope.h"

void scope_done(struct scope *s)
{
	names_done(&s->paths);
	names_done(&s->controllers);
	names_done(&s->subsystems);
}

static int find_behind(const struct manager *m, const char *function,
		       struct names *ret)
{
	for (size_t i = 0; i < m->now->n_controllers; i++) {
		const struct controller *c = &m->now->controllers[i];
		int r;

		if (!controller_is_behind(m->root_fd, c, function))
			continue;
		r = names_add(ret, c->o.name);
		if (r < 0)
			return r;
	}
	return 0;
}

static int find_selected(const struct manager *m, struct scope *s,
			 char message[MESSAGE_SIZE])
{
	struct selector selector;
	int r;

	s->kind = OBJECT_CONTROLLER;
	if (selector_parse(s->target, &selector) < 0)
		return say(message, -EMEDIUMTYPE,
			   "%s: a target is a path, a controller, traddr=, host-traddr=, host-iface= or pci=",
			   s->target);
	r = selector.key == SELECTOR_PCI ?
	    find_behind(m, selector.value, &s->controllers) :
	    selector_pick(m->now, &selector, &s->controllers);
	if (r >= 0 && !s->controllers.n)
		return say(message, -ENXIO, "no controller has %s", s->target);
	return r < 0 ? r : impact_paths_of(m->now, &s->controllers, &s->paths);
}

static int find_named(const struct manager *m, struct scope *s,
		      char message[MESSAGE_SIZE])
{
	const struct path *p;
	int r;

	if (snapshot_kind_of(m->now, s->target, &s->kind) < 0)
		return say(message, -ENXIO, "there is no path or controller %s",
			   s->target);
	if (s->kind != OBJECT_PATH && s->kind != OBJECT_CONTROLLER)
		return say(message, -EMEDIUMTYPE,
			   "%s is a %s: name one of its paths or a controller",
			   s->target, object_kind_to_string(s->kind));
	r = impact_paths(m->now, s->kind, s->target, &s->paths);
	if (r < 0)
		return r;
	p = s->kind == OBJECT_PATH ? snapshot_path(m->now, s->target) : NULL;
	return names_add(&s->controllers, p ? p->controller : s->target);
}

static int find_subsystems(const struct manager *m, struct scope *s)
{
	for (size_t i = 0; i < s->controllers.n; i++) {
		const struct controller *c =
			snapshot_controller(m->now, s->controllers.v[i]);
		int r = c ? names_add(&s->subsystems, c->subsystem) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}

int scope_check(const struct scope *s, char message[MESSAGE_SIZE])
{
	return s->paths.n ? 0 :
		say(message, -ECONNREFUSED,
		    "%s carries no path to any namespace: nothing to do here", s->target);
}

int scope_look(const struct manager *m, const char *target, struct scope *ret,
	       char message[MESSAGE_SIZE])
{
	int r;

	*ret = (struct scope) { .kind = _OBJECT_KIND_INVALID };
	if (str_copy(ret->target, sizeof(ret->target), target) < 0)
		return say(message, -EMEDIUMTYPE, "the target's name is too long");
	r = selector_is(target) ? find_selected(m, ret, message) :
				  find_named(m, ret, message);
	if (r >= 0)
		r = find_subsystems(m, ret);
	if (r == -ENOMEM)
		return say(message, r, "out of memory");
	return r;
}

int scope_find(const struct manager *m, const char *target, struct scope *ret,
	       char message[MESSAGE_SIZE])
{
	int r = scope_look(m, target, ret, message);

	return r < 0 ? r : scope_check(ret, message);
}
