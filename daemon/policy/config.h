/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration that is in force: read at the start and on request. */
#ifndef NVMPATH_POLICY_CONFIG_H
#define NVMPATH_POLICY_CONFIG_H

#include "manager.h"

/*
 * At the start, before anything else goes on. A bad configuration is said, and
 * the defaults are taken: a daemon that guards paths has to run.
 */
void config_load(struct manager *m);

typedef void (*config_done_t)(void *userdata, int result, const char *message);

/*
 * Reads it again in a worker, and looks at everything. Where it is bad the one
 * in force stays, and @done (may be NULL) hears why. -errno: nothing was begun.
 */
int config_reload(struct manager *m, config_done_t done, void *userdata);

#endif
