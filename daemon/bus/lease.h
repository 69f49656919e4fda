/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_BUS_LEASE_H
#define NVMPATH_BUS_LEASE_H

#include "object.h"

/* The caller's lease, watched from now on: where it left already that is found soon. */
int lease_of(struct bus *b, sd_bus_message *m, char ret[LEASE_SIZE]);

/* After a start: watches those on record, ends those whose caller is gone. */
void leases_resume(struct bus *b);
void leases_done(struct bus *b);

#endif
