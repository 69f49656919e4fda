/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The exclusion list of nvme-cli 3 (libnvme, src/nvme/exclusion.c): what stands
 * in /etc/nvme/exclusions.conf.d is not connected by its services. A file a
 * controller, named by what it says, so that whoever removes it finds it.
 */
#ifndef NVMPATH_KERNEL_EXCLUDE_H
#define NVMPATH_KERNEL_EXCLUDE_H

#include "core/model.h"

/*
 * Makes @dir where it is not there. -EINVAL: what the target is called cannot
 * be written in that format. Writes a disk: from a worker only.
 */
int exclude_add(const char *dir, const struct controller *c, const char *nqn);
/* 0 where it is not there, too. */
int exclude_remove(const char *dir, const struct controller *c, const char *nqn);

#endif
