/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "mounts.h"
#include "sysfs.h"
#include "users.h"

struct search {
	const char *dev;
	const struct names *nodes;
	struct users *found;
	bool has_disk;		/* else there is nothing that could be mounted */
	struct names seen;	/* mount namespaces: "mnt:[4026531841]" */
};

void users_done(struct users *u)
{
	lines_done(&u->open);
	lines_done(&u->mounts);
}

/* Links are read, never followed: a file's server may be gone. */
static const char *node_of(const struct search *s, int dir_fd, const char *fd,
			   char link[PATH_MAX])
{
	ssize_t n = readlinkat(dir_fd, fd, link, PATH_MAX - 1);
	size_t dev = strlen(s->dev);

	if (n < 0)
		return NULL;
	link[n] = '\0';
	if (strncmp(link, s->dev, dev) != 0 || link[dev] != '/')
		return NULL;
	return names_has(s->nodes, link + dev + 1) ? link + dev + 1 : NULL;
}

static int add_user(struct search *s, const char *pid, const char *node)
{
	char file[NAME_MAX + 16], comm[64];

	(void) snprintf(file, sizeof(file), "/proc/%s/comm", pid);
	if (sysfs_read(AT_FDCWD, file, comm, sizeof(comm)) <= 0)
		return 0;	/* it ended */
	str_sanitize(comm);
	if (s->found->open.n == USERS_MAX)
		return -E2BIG;
	return lines_add(&s->found->open, "%s %s %s", pid, comm, node);
}

static int look_at_files(struct search *s, const char *pid)
{
	char name[NAME_MAX + 16], link[PATH_MAX];
	struct dirent *e;
	int r = 0;
	DIR *d;

	(void) snprintf(name, sizeof(name), "/proc/%s/fd", pid);
	d = opendir(name);
	if (!d) {
		s->found->hidden += errno == EACCES || errno == EPERM;
		return 0;
	}
	while (r >= 0 && (e = readdir(d))) {
		const char *node = node_of(s, dirfd(d), e->d_name, link);

		if (node)
			r = add_user(s, pid, node);
	}
	closedir(d);
	return r;
}

/* nvme3n1 and nvme3n1p2 are disks, nvme3 and ng0c3n1 are not. */
static bool has_disk(const struct names *nodes)
{
	for (size_t i = 0; i < nodes->n; i++)
		if (str_has_prefix(nodes->v[i], "nvme") && strchr(nodes->v[i] + 4, 'n'))
			return true;
	return false;
}

/* Once a namespace; one that is hidden is of a process that is hidden, too. */
static int look_at_mounts(struct search *s, const char *pid)
{
	char file[NAME_MAX + 16], name[NAME_SIZE];
	ssize_t n;
	int r;

	if (!s->has_disk)
		return 0;
	(void) snprintf(file, sizeof(file), "/proc/%s/ns/mnt", pid);
	n = readlink(file, name, sizeof(name) - 1);
	if (n < 0)
		return 0;
	name[n] = '\0';
	if (names_has(&s->seen, name))
		return 0;
	r = mounts_find(pid, s->dev, s->nodes, &s->found->mounts);
	return r > 0 ? names_add(&s->seen, name) : r;	/* else by another process of it */
}

static int look_at(struct search *s, const char *pid)
{
	int r = look_at_files(s, pid);

	return r < 0 ? r : look_at_mounts(s, pid);
}

int users_find(const char *dev, const struct names *nodes, pid_t but, struct users *ret)
{
	struct search s = {
		.dev = dev, .nodes = nodes, .found = ret, .has_disk = has_disk(nodes),
	};
	struct dirent *e;
	uint64_t pid;
	int r = 0;
	DIR *d = opendir("/proc");

	if (!d)
		return -errno;
	while (r >= 0 && (e = readdir(d)))
		if (str_to_u64(e->d_name, &pid) >= 0 && pid != (uint64_t) getpid() &&
		    pid != (uint64_t) but)
			r = look_at(&s, e->d_name);
	closedir(d);
	if (r >= 0 && s.has_disk)
		r = swaps_find(dev, nodes, &ret->mounts);
	names_done(&s.seen);
	return r;
}
