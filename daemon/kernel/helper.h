/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The helper (daemon/helper): a process of its own that has CAP_SYS_ADMIN,
 * CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, so that the daemon needs none of them.
 * Each call here opens the controller's node, hands it over at @socket
 * (core/command.h) and waits: worker only.
 *
 * A name that was recycled, or a tree that is not this machine's, gives -ENODEV
 * and no command is sent: the node must have the number that the controller's
 * "dev" attribute below @root_fd says.
 *
 * -ENOTCONN: there is no helper. -ECONNRESET: it ended before it answered, and
 * -ETIMEDOUT: it did not answer in time; what was asked may have been done. Else
 * what the command came to. @detail (DETAIL_SIZE) gets a phrase for people.
 */
#ifndef NVMPATH_KERNEL_HELPER_H
#define NVMPATH_KERNEL_HELPER_H

#include "core/command.h"
#include "core/impact.h"
#include "nvmelib.h"
#include "users.h"

#define HELPER_SOCKET "/run/nvmpath-helper"

int helper_identify(const char *socket, int root_fd, const char *controller,
		    struct identity *ret, char *detail);

/*
 * Namespace Attachment for this one controller. That it is attached (or
 * detached) already counts as done. The kernel looks at its namespaces anew
 * after the command; helper_rescan() asks it to, should it not.
 */
int helper_attach(const char *socket, int root_fd, const struct controller *c,
		  uint32_t nsid, char *detail);
int helper_detach(const char *socket, int root_fd, const struct controller *c,
		  uint32_t nsid, char *detail);
int helper_rescan(const char *socket, int root_fd, const char *controller);

/*
 * Who uses one of these below @dev (kernel/users.h): the controllers' own nodes, the
 * paths' generic ones, and block devices.
 */
int helper_users(const char *socket, const char *dev, const struct names *controllers,
		 const struct names *paths, const struct names *disks, struct users *ret);

/* A connected socket with the fixed options of both ends; negative errno. */
int helper_connect(const char *socket);

#endif
