/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/str.h"
#include "kernel/scan.h"
#include "reread.h"

int reread_controller(struct manager *m, const char *name, uint32_t group)
{
	const struct controller *known = snapshot_controller(m->now, name);
	struct controller c;
	int r;

	if (!known)
		return -ENODEV;
	c = *known;
	r = scan_controller(m->root_fd, &c);
	if (r < 0)
		return r;
	manager_update_controller(m, &c);
	for (size_t i = 0; i < m->now->n_paths; i++) {
		struct path p = m->now->paths[i];

		if (!str_equal(p.controller, name) || (group && p.ana_group && p.ana_group != group))
			continue;
		r = scan_path(m->root_fd, &p);
		if (r < 0)
			return r;
		manager_update_path(m, &p);
	}
	return 0;
}

int reread_path(struct manager *m, const char *name)
{
	const struct path *known = snapshot_path(m->now, name);
	struct path p;
	int r;

	if (!known)
		return -ENODEV;
	p = *known;
	r = scan_path(m->root_fd, &p);
	if (r >= 0)
		manager_update_path(m, &p);
	return r;
}
