/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "impact.h"

int names_add(struct names *names, const char *name)
{
	void *grown;

	if (names_has(names, name))
		return 0;
	grown = realloc(names->v, (names->n + 1) * sizeof(*names->v));
	if (!grown)
		return -ENOMEM;
	names->v = grown;
	(void) str_copy(names->v[names->n++], NAME_SIZE, name);
	return 0;
}

bool names_has(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_equal(names->v[i], name))
			return true;
	return false;
}

void names_done(struct names *names)
{
	free(names->v);
	*names = (struct names) {};
}

int impact_paths(const struct snapshot *s, enum object_kind kind,
		 const char *name, struct names *ret)
{
	if (kind == OBJECT_PATH)
		return snapshot_path(s, name) ? names_add(ret, name) : -ENXIO;
	if (kind != OBJECT_CONTROLLER || !snapshot_controller(s, name))
		return -ENXIO;
	for (size_t i = 0; i < s->n_paths; i++) {
		int r;

		if (!str_equal(s->paths[i].controller, name))
			continue;
		r = names_add(ret, s->paths[i].o.name);
		if (r < 0)
			return r;
	}
	return 0;
}

int impact_heads(const struct snapshot *s, const struct names *paths,
		 struct names *ret)
{
	for (size_t i = 0; i < paths->n; i++) {
		const struct path *p = snapshot_path(s, paths->v[i]);
		int r = p ? names_add(ret, p->head) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}

static bool survives(const struct snapshot *s, const char *head,
		     const struct names *without)
{
	for (size_t i = 0; i < s->n_paths; i++) {
		const struct path *p = &s->paths[i];

		if (p->usable && str_equal(p->head, head) &&
		    !names_has(without, p->o.name))
			return true;
	}
	return false;
}

int impact_lost(const struct snapshot *s, const struct names *paths,
		struct names *ret)
{
	_cleanup_(names_done) struct names heads = {};
	int r = impact_heads(s, paths, &heads);

	if (r < 0)
		return r;
	for (size_t i = 0; i < heads.n; i++) {
		if (survives(s, heads.v[i], paths))
			continue;
		r = names_add(ret, heads.v[i]);
		if (r < 0)
			return r;
	}
	return 0;
}
