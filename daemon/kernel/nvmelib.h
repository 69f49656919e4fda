/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NVMe admin commands and fabrics connections: all use of libnvme is behind
 * this header. Every function blocks, up to the kernel's admin command timeout.
 * Commands are for the helper, which has the capability (core/command.h);
 * connections for the daemon's workers.
 *
 * @detail (DETAIL_SIZE) gets a phrase for people where a command fails.
 */
#ifndef NVMPATH_KERNEL_NVMELIB_H
#define NVMPATH_KERNEL_NVMELIB_H

#include <stdbool.h>
#include <stdint.h>

#include "core/command.h"
#include "core/connect.h"

#define DETAIL_SIZE 256

/* Of an admin command of ours: generous for a device, short for people. */
#define NVMELIB_TIMEOUT_MS 10000

/* @fd is the node of a controller. */
int nvmelib_identify(int fd, struct identity *ret, char *detail);

/* That it is attached (or detached) already counts as done. */
int nvmelib_attach(int fd, uint16_t cntlid, uint32_t nsid, char *detail);
int nvmelib_detach(int fd, uint16_t cntlid, uint32_t nsid, char *detail);
int nvmelib_rescan(int fd);

/* -ENODEV where @root_fd is not the running kernel's sysfs. */
int nvmelib_connect(int root_fd, const struct connection *c, char *detail);

/* @e is borrowed for the call; it has secrets. */
typedef void (*connect_entry_func_t)(void *userdata, const struct connect_entry *e);

/*
 * The controllers in a configuration of nvme-cli's (config.json), by libnvme's
 * own reader. -ENOENT: there is none; -EBADMSG: it is not to be understood.
 */
int nvmelib_read_config(const char *file, connect_entry_func_t func, void *userdata);

#endif
