/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/str.h"
#include "control.h"
#include "sysfs.h"

#define DIR_SIZE (2 * NAME_SIZE + 48)

/*
 * The folder's descriptor; -ENODEV where it is gone or another object has the
 * name. That it cannot be opened for another reason - no descriptor is left, no
 * memory - does not say that it is gone.
 */
static int open_object(int root_fd, const char *dir, uint64_t ino)
{
	_cleanup_close_ int fd = sysfs_open_dir(root_fd, dir);

	if (fd == -ENOENT || fd == -ENOTDIR || fd == -ENXIO)
		return -ENODEV;
	if (fd < 0)
		return fd;
	return sysfs_ino(fd, ".") == ino ? TAKE_FD(fd) : -ENODEV;
}

static int open_path(int root_fd, const struct path *p)
{
	char dir[DIR_SIZE];

	(void) snprintf(dir, sizeof(dir), "class/nvme/%s/%s", p->controller,
			p->o.name);
	return open_object(root_fd, dir, p->o.ino);
}

static int open_controller(int root_fd, const struct controller *c)
{
	char dir[DIR_SIZE];

	(void) snprintf(dir, sizeof(dir), "class/nvme/%s", c->o.name);
	return open_object(root_fd, dir, c->o.ino);
}

int path_write_hold(int root_fd, const struct path *p, bool hold)
{
	_cleanup_close_ int fd = open_path(root_fd, p);
	int r;

	if (fd < 0)
		return fd;
	r = sysfs_write(fd, "admin_state", hold ? "hold" : "online");
	if (r == -ENOENT && path_is_there(root_fd, p))
		return -EOPNOTSUPP;
	return r == -ENOENT ? -ENODEV : r;
}

int path_read_inflight(int root_fd, const struct path *p, int64_t *ret)
{
	_cleanup_close_ int fd = open_path(root_fd, p);
	unsigned long long reads, writes;
	char text[64];
	int r;

	if (fd < 0)
		return fd;
	r = sysfs_read(fd, "inflight", text, sizeof(text));
	if (r < 0)
		return r;
	if (sscanf(text, "%llu %llu", &reads, &writes) != 2)
		return -EINVAL;
	*ret = (int64_t) (reads + writes);
	return 0;
}

int path_read_drain_state(int root_fd, const struct path *p, enum drain_state *ret)
{
#define DRAIN_STATE_WORD_(suffix, word) word,
	static const char *const words[] = {
		NVMPATH_DRAIN_STATES(DRAIN_STATE_WORD_)
	};
	_cleanup_close_ int fd = open_path(root_fd, p);
	char text[WORD_SIZE];
	int r;

	if (fd < 0)
		return fd;
	r = sysfs_read(fd, "drain_state", text, sizeof(text));
	if (r < 0)
		return r;
	r = table_find(words, ARRAY_SIZE(words), text);
	if (r < 0)
		return r;
	*ret = (enum drain_state) r;
	return 0;
}

int path_open_drain_state(int root_fd, const struct path *p)
{
	_cleanup_close_ int dir_fd = open_path(root_fd, p);
	int fd;

	if (dir_fd < 0)
		return dir_fd;
	fd = openat(dir_fd, "drain_state", O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int path_read_iostats(int root_fd, const struct path *p, bool *ret)
{
	_cleanup_close_ int fd = open_path(root_fd, p);
	int64_t v;

	if (fd < 0)
		return fd;
	v = sysfs_read_number(fd, "queue/iostats");
	if (v < 0)
		return -ENODATA;
	*ret = v != 0;
	return 0;
}

int subsystem_read_births(int root_fd, const char *subsystem, bool *ret_held)
{
	char attr[DIR_SIZE], text[WORD_SIZE];
	int r;

	(void) snprintf(attr, sizeof(attr), "class/nvme-subsystem/%s/new_path_admin_state",
			subsystem);
	r = sysfs_read(root_fd, attr, text, sizeof(text));
	if (r < 0)
		return r;
	*ret_held = str_equal(text, "hold");
	return 0;
}

bool path_is_there(int root_fd, const struct path *p)
{
	_cleanup_close_ int fd = open_path(root_fd, p);

	return fd != -ENODEV;
}

bool controller_is_there(int root_fd, const struct controller *c)
{
	_cleanup_close_ int fd = open_controller(root_fd, c);

	return fd != -ENODEV;
}

int controller_write(int root_fd, const struct controller *c, const char *attr,
		     const char *text)
{
	_cleanup_close_ int fd = open_controller(root_fd, c);

	return fd < 0 ? fd : sysfs_write(fd, attr, text);
}

int64_t path_read_counter(int root_fd, const struct path *p, const char *attr)
{
	_cleanup_close_ int fd = open_path(root_fd, p);

	return fd < 0 ? UNKNOWN_NUMBER : sysfs_read_number(fd, attr);
}

int64_t controller_read_counter(int root_fd, const struct controller *c,
				const char *attr)
{
	_cleanup_close_ int fd = open_controller(root_fd, c);

	return fd < 0 ? UNKNOWN_NUMBER : sysfs_read_number(fd, attr);
}

int64_t head_read_counter(int root_fd, const struct head *h, const char *attr)
{
	_cleanup_close_ int fd = -EBADF;
	char dir[DIR_SIZE];

	(void) snprintf(dir, sizeof(dir), "class/nvme-subsystem/%s/%s",
			h->subsystem, h->o.name);
	fd = open_object(root_fd, dir, h->o.ino);
	return fd < 0 ? UNKNOWN_NUMBER : sysfs_read_number(fd, attr);
}
