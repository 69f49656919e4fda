/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * nvme-cli 3's registry of connections, /run/nvme/registry/NAME/owner: who made one, and
 * will make it again.
 */
#ifndef NVMPATH_KERNEL_REGISTRY_H
#define NVMPATH_KERNEL_REGISTRY_H

#include <stdbool.h>

#define REGISTRY_OWNER_SIZE 64

/*
 * @root is what comes before /run, "" for the host's own. false: nothing is known of
 * that controller; @ret is "" then. Text that the bus takes, whatever is in the file.
 */
bool registry_owner(const char *root, const char *controller, char ret[REGISTRY_OWNER_SIZE]);

#endif
