/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a removal is about, whatever its name is now: itself while it is there, by
 * its inode, else what is in its place. Two connections may be in one place: of
 * another host's name, or made with duplicate_connect. One that was there beside it when
 * it was asked for is not what returns.
 */
#include <errno.h>
#include <stdio.h>

#include "act-parts.h"
#include "base/str.h"
#include "kernel/sysfs.h"

static bool in_its_place(const struct job *j, const struct member *v,
			 const struct controller *c)
{
	const struct controller *want = &v->controller;

	return str_equal(c->transport, want->transport) &&
	       str_equal(c->traddr, want->traddr) &&
	       str_equal(c->trsvcid, want->trsvcid) &&
	       str_equal(c->host_traddr, want->host_traddr) &&
	       str_equal(c->host_iface, want->host_iface) &&
	       str_equal(manager_nqn(j->m, c->subsystem), v->nqn);
}

/* Where either does not say, it may be. */
static bool is_of_its_host(const struct job *j, const struct member *v,
			   const struct controller *c)
{
	char attr[NAME_SIZE + 32], hostnqn[NQN_SIZE];

	if (!v->has_connection || !v->connection.hostnqn[0])
		return true;
	(void) snprintf(attr, sizeof(attr), "class/nvme/%s/hostnqn", c->o.name);
	return sysfs_read(j->m->root_fd, attr, hostnqn, sizeof(hostnqn)) <= 0 ||
	       str_equal(hostnqn, v->connection.hostnqn);
}

static bool is_twin(const struct job *j, uint64_t ino)
{
	for (size_t i = 0; i < j->n_twins; i++)
		if (j->twins[i] == ino)
			return true;
	return false;
}

static bool is_a_members(const struct job *j, uint64_t ino)
{
	for (size_t i = 0; i < j->n_members; i++)
		if (j->members[i].controller.o.ino == ino)
			return true;
	return false;
}

static int add_twin(struct job *j, uint64_t ino)
{
	uint64_t *grown = reallocarray(j->twins, j->n_twins + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	j->twins = grown;
	j->twins[j->n_twins++] = ino;
	return 0;
}

static int find_twins_of(struct job *j, struct member *v)
{
	const struct snapshot *s = j->m->now;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < s->n_controllers; i++) {
		const struct controller *c = &s->controllers[i];

		if (c->o.ino == v->controller.o.ino || !in_its_place(j, v, c))
			continue;
		if (is_of_its_host(j, v, c))	/* the kernel has to be told */
			v->connection.duplicate = 1;
		if (!is_a_members(j, c->o.ino) && !is_twin(j, c->o.ino))
			r = add_twin(j, c->o.ino);
	}
	return r;
}

int job_find_twins(struct job *j)
{
	int r = 0;

	j->n_twins = 0;
	for (size_t i = 0; r >= 0 && i < j->n_members; i++)
		r = find_twins_of(j, &j->members[i]);
	return r;
}

const struct controller *act_find_member(const struct job *j,
					 const struct member *v)
{
	const struct snapshot *s = j->m->now;
	const struct controller *found = NULL;

	for (size_t i = 0; i < s->n_controllers; i++) {
		const struct controller *c = &s->controllers[i];

		if (!in_its_place(j, v, c))
			continue;
		if (c->o.ino == v->controller.o.ino)
			return c;
		if (!found && !is_twin(j, c->o.ino) && !is_a_members(j, c->o.ino) &&
		    is_of_its_host(j, v, c))
			found = c;
	}
	return found;
}

/* A path that is not the target itself: of a controller that is in the place of its own? */
static bool is_in_its_stead(const struct job *j, const struct target *t, const struct path *p)
{
	const struct controller *c = snapshot_controller(j->m->now, p->controller);

	return c && c == act_find_member(j, &j->members[t->member]);
}

/* By key and not by name: a name may belong to another path by now. */
const struct path *act_find_target(const struct job *j, const struct target *t)
{
	const struct snapshot *s = j->m->now;
	const struct path *found = NULL;
	char key[KEY_SIZE];

	for (size_t i = 0; i < s->n_paths; i++) {
		const struct path *p = &s->paths[i];

		if (p->nsid != t->path.nsid)
			continue;
		manager_path_key(j->m, p, key);
		if (!str_equal(key, t->key))
			continue;
		if (p->o.ino == t->path.o.ino)
			return p;
		if (!found && is_in_its_stead(j, t, p))
			found = p;
	}
	return found;
}
