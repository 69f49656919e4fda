/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sets, and keeps, what the configuration says of subsystems, controllers and
 * namespaces (core/loss.h). What is not there, or cannot be read, is left alone.
 */
#ifndef NVMPATH_POLICY_KEEP_H
#define NVMPATH_POLICY_KEEP_H

#include "manager.h"

/* After a look: compares, and writes in a worker what differs. */
void keep_settings(struct manager *m);

#endif
