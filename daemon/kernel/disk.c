/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "disk.h"
#include "scan.h"
#include "sysfs.h"

static int open_controller(int root_fd, const struct controller *c, DIR **ret)
{
	_cleanup_dir_ DIR *d = NULL;
	char path[sizeof("class/nvme/") + NAME_SIZE];
	int r;

	(void) snprintf(path, sizeof(path), "class/nvme/%s", c->o.name);
	r = sysfs_list(root_fd, path, &d);
	if (r < 0)
		return r;
	if (sysfs_ino(dirfd(d), ".") != c->o.ino)
		return -ENODEV;
	*ret = TAKE_PTR(d);
	return 0;
}

int disk_find(int root_fd, const struct controller *c, struct names *ret)
{
	_cleanup_dir_ DIR *d = NULL;
	struct dirent *e;
	int r = open_controller(root_fd, c, &d);

	while (r >= 0 && (e = readdir(d)))
		if (strlen(e->d_name) < NAME_SIZE && scan_is_head_name(e->d_name))
			r = names_add(ret, e->d_name);
	return r;
}

/* @dir_fd: the folder of the node, a disk or a partition. */
static int add_holders(int dir_fd, const char *node, struct lines *ret)
{
	_cleanup_dir_ DIR *d = NULL;
	struct dirent *e;
	int r = sysfs_list(dir_fd, "holders", &d);

	if (r == -ENOENT)
		return 0;
	while (r >= 0 && (e = readdir(d)))
		if (e->d_name[0] != '.')
			r = lines_add(ret, "%s %s", e->d_name, node);
	return r;
}

static int add_partition(int disk_fd, const char *name, struct names *ret_nodes,
			 struct lines *ret_holders)
{
	_cleanup_close_ int fd = sysfs_open_dir(disk_fd, name);
	int r;

	if (fd < 0)
		return 0;	/* it went */
	r = names_add(ret_nodes, name);
	return r < 0 ? r : add_holders(fd, name, ret_holders);
}

int disk_look(int root_fd, const struct controller *c, const char *disk,
	      struct names *ret_nodes, struct lines *ret_holders)
{
	_cleanup_dir_ DIR *controller = NULL, *d = NULL;
	struct dirent *e;
	int r = open_controller(root_fd, c, &controller);

	if (r >= 0)
		r = sysfs_list(dirfd(controller), disk, &d);
	if (r >= 0)
		r = names_add(ret_nodes, disk);
	if (r >= 0)
		r = add_holders(dirfd(d), disk, ret_holders);
	while (r >= 0 && (e = readdir(d)))
		if (str_has_prefix(e->d_name, disk) && strlen(e->d_name) < NAME_SIZE)
			r = add_partition(dirfd(d), e->d_name, ret_nodes, ret_holders);
	return r;
}
