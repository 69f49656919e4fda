/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NVMe admin commands and fabrics connections: all use of libnvme is behind
 * this header. Every function blocks, up to the kernel's admin command
 * timeout, and is called from a worker only.
 *
 * libnvme opens /dev/nvmeN by itself. Each function therefore compares the
 * node with the controller's "dev" attribute below @root_fd first: a name that
 * was recycled, or a tree that is not this machine's, gives -ENODEV and no
 * command is sent.
 *
 * @detail (DETAIL_SIZE) gets a phrase for people where a command fails.
 */
#ifndef NVMPATH_KERNEL_NVMELIB_H
#define NVMPATH_KERNEL_NVMELIB_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model.h"

#define DETAIL_SIZE 256

/* What Identify Controller says. */
struct identity {
	bool has_ns_management;		/* OACS bit 3 */
	uint32_t anatt_secs;		/* ANATT; 0: no ANA */
};

int nvmelib_identify(int root_fd, const char *controller, struct identity *ret,
		     char *detail);

/* Identify Controller, OACS bit 3: Namespace Management and Attachment. */
int nvmelib_has_ns_management(int root_fd, const char *controller,
			      bool *ret, char *detail);

/*
 * Namespace Attachment for this one controller. That it is attached (or
 * detached) already counts as done. The kernel looks at its namespaces anew
 * after the command; nvmelib_rescan() asks it to, should it not.
 */
int nvmelib_attach(int root_fd, const struct controller *c, uint32_t nsid,
		   char *detail);
int nvmelib_detach(int root_fd, const struct controller *c, uint32_t nsid,
		   char *detail);
int nvmelib_rescan(int root_fd, const char *controller);

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
