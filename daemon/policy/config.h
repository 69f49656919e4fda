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

/*
 * @result is -EINVAL where it is bad, and @message says file, line and what; -EIO
 * where it could not be read in 10 s, or the topology could not be. Unless it is
 * that last one the configuration in force stays.
 */
typedef void (*config_done_t)(void *userdata, int result, const char *message);

/*
 * Reads it again in a worker, and looks at everything; @done (may be NULL) hears
 * what came of it. One reading at a time: those who ask while one is under way
 * share the next, which sees what they have written. -errno: nothing was begun.
 */
int config_reload(struct manager *m, config_done_t done, void *userdata);

/* So many share the next reading that others should be told to come again. */
bool config_is_full(const struct manager *m);

#endif
