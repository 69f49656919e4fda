/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What sits behind a PCI function, as far as sysfs tells. */
#ifndef NVMPATH_KERNEL_BEHIND_H
#define NVMPATH_KERNEL_BEHIND_H

#include "core/model.h"

/*
 * Is the function part of the way to the controller? It is where it is the
 * controller's own, a bridge above it, or the adapter that it goes through:
 * the device of host_iface, or of the Fibre Channel host with the port name
 * in host_traddr. A fabrics controller that names neither is behind nothing
 * that is known.
 */
bool controller_is_behind(int root_fd, const struct controller *c,
			  const char *function);

#endif
