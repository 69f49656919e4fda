/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/macro.h"
#include "base/str.h"
#include "sysfs.h"

int sysfs_open_dir(int dir_fd, const char *path)
{
	int fd = openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int sysfs_list(int dir_fd, const char *path, DIR **ret)
{
	int fd = sysfs_open_dir(dir_fd, path);

	if (fd < 0)
		return fd;
	*ret = fdopendir(fd);
	if (!*ret) {
		close(fd);
		return -ENOMEM;
	}
	return 0;
}

DIR *dir_free(DIR *d)
{
	if (d)
		closedir(d);
	return NULL;
}

int sysfs_read(int dir_fd, const char *path, char *buf, size_t size)
{
	_cleanup_close_ int fd = -EBADF;
	ssize_t n;

	buf[0] = '\0';
	fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	n = read(fd, buf, size - 1);
	if (n < 0) {
		buf[0] = '\0';
		return -errno;
	}
	while (n && (buf[n - 1] == '\n' || buf[n - 1] == ' '))
		n--;
	buf[n] = '\0';
	return (int) n;
}

int64_t sysfs_read_number(int dir_fd, const char *path)
{
	char text[32];
	int64_t v;

	if (sysfs_read(dir_fd, path, text, sizeof(text)) < 0 ||
	    str_to_s64(text, &v) < 0)
		return -1;
	return v;
}

int sysfs_write(int dir_fd, const char *path, const char *text)
{
	_cleanup_close_ int fd = -EBADF;
	size_t len = strlen(text);
	ssize_t n;

	fd = openat(dir_fd, path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_TRUNC);
	if (fd < 0)
		return -errno;
	n = write(fd, text, len);
	if (n < 0)
		return -errno;
	return (size_t) n == len ? 0 : -EIO;
}

bool sysfs_exists(int dir_fd, const char *path)
{
	return faccessat(dir_fd, path, F_OK, 0) == 0;
}

uint64_t sysfs_ino(int dir_fd, const char *path)
{
	struct stat st;

	return fstatat(dir_fd, path, &st, 0) < 0 ? 0 : st.st_ino;
}

bool sysfs_is_real(int root_fd)
{
	struct statfs fs;

	return fstatfs(root_fd, &fs) == 0 && fs.f_type == SYSFS_MAGIC;
}
