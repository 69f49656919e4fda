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
#include "core/model.h"

#define DETAIL_SIZE 256

/* Of an admin command of ours: generous for a device, short for people. */
#define NVMELIB_TIMEOUT_MS 10000

/* @fd is the node of a controller. */
int nvmelib_identify(int fd, struct identity *ret, char *detail);

/* That it is attached (or detached) already counts as done. */
int nvmelib_attach(int fd, uint16_t cntlid, uint32_t nsid, char *detail);
int nvmelib_detach(int fd, uint16_t cntlid, uint32_t nsid, char *detail);
int nvmelib_rescan(int fd);

/* What sysfs showed of a fabrics controller: enough to connect it again. */
struct connection {
	char nqn[NQN_SIZE];
	char transport[WORD_SIZE];
	char traddr[TRADDR_SIZE];
	char trsvcid[WORD_SIZE];
	char host_traddr[TRADDR_SIZE];
	char host_iface[WORD_SIZE];
	char hostnqn[NQN_SIZE];
	char hostid[UUID_SIZE];
	int64_t ctrl_loss_tmo;		/* seconds; -1: for ever */
	int64_t reconnect_delay;	/* seconds; below 1: default */
	int64_t fast_io_fail_tmo;	/* seconds; below 0: off */
	int64_t keep_alive_tmo;		/* seconds; below 1: default */
	int64_t queue_count;		/* with the admin queue; below 2: default */
	int64_t queue_size;		/* entries; below 2: default */
};

/* -ENODEV where @root_fd is not the running kernel's sysfs. */
int nvmelib_connect(int root_fd, const struct connection *c, char *detail);

#endif
