/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a fabrics controller was connected, so that it can be again. */
#ifndef NVMPATH_KERNEL_CONNECTION_H
#define NVMPATH_KERNEL_CONNECTION_H

#include "core/connect.h"

/*
 * What sysfs shows, before the controller goes. That data have a digest is told
 * by the paths' stable_writes (drivers/nvme/host/core.c), that there are poll
 * queues by their io_poll. -EKEYREJECTED: it uses TLS with a key or keyring of
 * its own, which libnvme 1.3 cannot be given. -ENODEV, ...: it is gone.
 */
int connection_read(int root_fd, const struct controller *c, const char *nqn,
		    struct connection *ret);

/*
 * What nvme-cli's configuration in @dir (/etc/nvme) has of these beyond that:
 * config.json, and discovery.conf where that does not say. Reads from a disk:
 * worker only, and never between a hold and its release. Where a file cannot be
 * understood: -EBADMSG with a phrase in @detail (DETAIL_SIZE), and what the other
 * says is taken.
 */
int connections_configure(const char *dir, struct connection *const *v, size_t n,
			  char *detail);

#endif
