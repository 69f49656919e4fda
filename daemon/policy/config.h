/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration that is in force: read at the start and on request. */
#ifndef NVMPATH_POLICY_CONFIG_H
#define NVMPATH_POLICY_CONFIG_H

#include "manager.h"

/*
 * The defaults, before anything else goes on: what an earlier daemon left is
 * undone with them, since the configuration's disk may be the one that waits for it.
 */
void config_init(struct manager *m);

/*
 * @result is -EINVAL where it is bad, and @message says file, line and what; -EIO
 * where it could not be read in 10 s, or the topology could not be. Unless it is
 * that last one the configuration in force stays.
 */
typedef void (*config_done_t)(void *userdata, int result, const char *message);

/*
 * Reads it for the first time, in a worker. A bad one is said, and the defaults stay: a
 * daemon that guards paths has to run. @done hears of it once; -ETIMEDOUT after 10 s
 * without: it is read on, and until it is m->config_known is not set, so that nothing
 * is taken whose floor nobody knows. -errno: nothing was begun.
 */
int config_first(struct manager *m, config_done_t done, void *userdata);

struct first_reading;
struct first_reading *first_reading_free(struct first_reading *f);

/*
 * Reads it again in a worker, and looks at everything; @done (may be NULL) hears
 * what came of it. One reading at a time: those who ask while one is under way
 * share the next, which sees what they have written. -errno: nothing was begun.
 */
int config_reload(struct manager *m, config_done_t done, void *userdata);

/* So many share the next reading that others should be told to come again. */
bool config_is_full(const struct manager *m);

#endif
