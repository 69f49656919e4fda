/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "impact.h"

/* Where @name is, or where it belongs. */
static size_t lower_bound(const struct names *names, const char *name)
{
	size_t low = 0, high = names->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_compare_natural(names->v[mid], name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Grows by doubling: full whenever the count is 0 or a power of two. */
static int make_room(struct names *names)
{
	void *grown;

	if (names->n & (names->n - 1))
		return 0;
	grown = realloc(names->v, (names->n ? names->n * 2 : 1) * sizeof(*names->v));
	if (!grown)
		return -ENOMEM;
	names->v = grown;
	return 0;
}

int names_add(struct names *names, const char *name)
{
	size_t at = lower_bound(names, name);
	int r;

	if (at < names->n && str_equal(names->v[at], name))
		return 0;
	r = make_room(names);
	if (r < 0)
		return r;
	memmove(names->v + at + 1, names->v + at,
		(names->n - at) * sizeof(*names->v));
	(void) str_copy(names->v[at], NAME_SIZE, name);
	names->n++;
	return 0;
}

ssize_t names_index(const struct names *names, const char *name)
{
	size_t at = lower_bound(names, name);

	if (at < names->n && str_equal(names->v[at], name))
		return (ssize_t) at;
	return -ENOENT;
}

bool names_has(const struct names *names, const char *name)
{
	return names_index(names, name) >= 0;
}

bool names_meet(const struct names *a, const struct names *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (names_has(b, a->v[i]))
			return true;
	return false;
}

void names_done(struct names *names)
{
	free(names->v);
	*names = (struct names) {};
}

int impact_paths_of(const struct snapshot *s, const struct names *controllers,
		    struct names *ret)
{
	for (size_t i = 0; i < s->n_paths; i++) {
		int r;

		if (!names_has(controllers, s->paths[i].controller))
			continue;
		r = names_add(ret, s->paths[i].o.name);
		if (r < 0)
			return r;
	}
	return 0;
}

int impact_paths(const struct snapshot *s, enum object_kind kind,
		 const char *name, struct names *ret)
{
	_cleanup_(names_done) struct names controllers = {};
	int r;

	if (kind == OBJECT_PATH)
		return snapshot_path(s, name) ? names_add(ret, name) : -ENXIO;
	if (kind != OBJECT_CONTROLLER || !snapshot_controller(s, name))
		return -ENXIO;
	r = names_add(&controllers, name);
	return r < 0 ? r : impact_paths_of(s, &controllers, ret);
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

int impact_lost(const struct snapshot *s, const struct names *paths,
		struct names *ret)
{
	_cleanup_free_ struct outlook *outlooks = NULL;
	size_t n;
	int r = outlook_new(s, paths, &outlooks, &n);

	for (size_t i = 0; r >= 0 && i < n; i++)
		if (!outlooks[i].usable_left)
			r = names_add(ret, outlooks[i].head);
	return r;
}
