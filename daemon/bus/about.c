/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "about.h"
#include "base/str.h"
#include "core/selector.h"

static struct about_part *part_of(struct about *a, const char *nqn)
{
	struct about_part *grown;

	for (size_t i = 0; i < a->n_parts; i++)
		if (str_equal(a->parts[i].nqn, nqn))
			return &a->parts[i];
	grown = realloc(a->parts, (a->n_parts + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	a->parts = grown;
	grown = &a->parts[a->n_parts++];
	*grown = (struct about_part) {};
	STR_COPY(grown->nqn, nqn);
	return grown;
}

static int add(struct about *a, const char *nqn, const char *controller, uint64_t ino)
{
	struct about_part *part = part_of(a, nqn);

	if (!part)
		return -ENOMEM;
	str_append(part->controllers, sizeof(part->controllers), "%s%s",
		   part->controllers[0] ? " " : "", controller);
	a->objects = a->objects * 31 + ino;
	return 0;
}

static int add_controller(const struct manager *m, const char *name, struct about *a)
{
	const struct controller *c = snapshot_controller(m->now, name);

	return c ? add(a, manager_nqn(m, c->subsystem), c->o.name, c->o.ino) : 0;
}

static int add_selected(const struct manager *m, const char *target, struct about *a)
{
	_cleanup_(scope_done) struct scope s;
	char message[MESSAGE_SIZE];
	int r = scope_find(m, target, &s, message);

	if (r == -ENOMEM)
		return r;
	r = 0;		/* what is wrong with it the verb says */
	for (size_t i = 0; r >= 0 && i < s.controllers.n; i++)
		r = add_controller(m, s.controllers.v[i], a);
	return r;
}

int about_target(const struct manager *m, const char *target, struct about *ret)
{
	const struct path *p = snapshot_path(m->now, target);

	*ret = (struct about) {};
	(void) str_copy(ret->target, sizeof(ret->target), target);
	if (selector_is(target))
		return add_selected(m, target, ret);
	if (!p)
		return add_controller(m, target, ret);
	STR_COPY(ret->path, p->o.name);
	return add(ret, manager_nqn(m, p->subsystem), p->controller, p->o.ino);
}

int about_removal(const struct job *j, struct about *ret)
{
	int r = 0;

	*ret = (struct about) {};
	STR_COPY(ret->target, j->object);
	if (j->object_kind == OBJECT_PATH)
		STR_COPY(ret->path, j->object);
	for (size_t i = 0; r >= 0 && i < j->n_members; i++)
		r = add(ret, j->members[i].nqn, j->members[i].controller.o.name, 0);
	ret->objects = j->id;
	return r;
}

void about_done(struct about *a)
{
	free(a->parts);
}

/* What does not apply is not there. */
static int append_detail(sd_bus_message *ask, const char *key, const char *value)
{
	return value[0] ? sd_bus_message_append(ask, "{ss}", key, value) : 0;
}

int about_append(const struct about *a, size_t part, const char *method,
		 sd_bus_message *ask)
{
	const struct about_part *of = part < a->n_parts ? &a->parts[part] : NULL;
	int r = sd_bus_message_open_container(ask, 'a', "{ss}");

	if (r >= 0)
		r = append_detail(ask, "action", method);
	if (r >= 0)
		r = append_detail(ask, "target", a->target);
	if (r >= 0)
		r = append_detail(ask, "path", a->path);
	if (r >= 0)
		r = append_detail(ask, "controller", of ? of->controllers : "");
	if (r >= 0)
		r = append_detail(ask, "subsysnqn", of ? of->nqn : "");
	return r < 0 ? r : sd_bus_message_close_container(ask);
}
