/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attributes of sysfs, below a root that tests may replace. Paths are
 * relative to a folder's descriptor, so that a folder that goes away under a
 * reader gives ENODEV or ENOENT and never another object's value.
 */
#ifndef NVMPATH_KERNEL_SYSFS_H
#define NVMPATH_KERNEL_SYSFS_H

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#include "base/macro.h"

/* A descriptor for the folder, close() it; negative errno. */
int sysfs_open_dir(int dir_fd, const char *path);

/* Opens the folder for reading names. -ENOENT where it is not there. */
int sysfs_list(int dir_fd, const char *path, DIR **ret);

DIR *dir_free(DIR *d);	/* NULL is fine; returns NULL */
DEFINE_CLEANUP(DIR *, dir_free)
#define _cleanup_dir_ _cleanup_(dir_freep)

/*
 * Reads an attribute into @buf without the newline at its end. Returns the
 * length; negative errno, and then @buf is "".
 */
int sysfs_read(int dir_fd, const char *path, char *buf, size_t size);

/* A decimal attribute; -1 where it is missing or says something else. */
int64_t sysfs_read_number(int dir_fd, const char *path);

/*
 * Writes an attribute in one go. May block for as long as the kernel likes:
 * from a worker only, save for attributes that are known to be quick.
 */
int sysfs_write(int dir_fd, const char *path, const char *text);

bool sysfs_exists(int dir_fd, const char *path);

/* Inode of the folder, which names the object for its life; 0 if gone. */
uint64_t sysfs_ino(int dir_fd, const char *path);

/* The running kernel's own, as opposed to a tree that a test made. */
bool sysfs_is_real(int root_fd);

#endif
