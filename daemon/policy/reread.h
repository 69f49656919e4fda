/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One object read again, where the world need not be. */
#ifndef NVMPATH_POLICY_REREAD_H
#define NVMPATH_POLICY_REREAD_H

#include "manager.h"

/*
 * The controller's state, and its paths, which are judged by it; what changed is told.
 * @group: of the paths only those that are in this ANA group, or in none as far as is
 * known; 0 all. -ENODEV where it, or one of its paths, is not what is known: it came
 * or went, and only a full look tells. Source: sysfs.
 */
int reread_controller(struct manager *m, const char *name, uint32_t group);

/* The same of one path. */
int reread_path(struct manager *m, const char *name);

#endif
