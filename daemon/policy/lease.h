/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Holds that end by themselves: after a time to live, or when the bus
 * connection that asked for them is gone. Time runs on while the machine is
 * suspended.
 */
#ifndef NVMPATH_POLICY_LEASE_H
#define NVMPATH_POLICY_LEASE_H

#include "manager.h"

/*
 * The connection @lease ("BUS-ID/:1.42") is gone: its holds are released, its
 * removals called off where they can be.
 */
void lease_client_gone(struct manager *m, const char *lease);

/* A hold is new: the timer may be due earlier. */
void leases_changed(struct manager *m);

#endif
