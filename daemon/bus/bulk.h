/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All objects as a file (Manager.GetManagedObjectsAsFile): what
 * GetManagedObjects says without the properties that are read from the kernel
 * when asked for. docs/DBUS.md has the format.
 */
#ifndef NVMPATH_BUS_BULK_H
#define NVMPATH_BUS_BULK_H

#include <stdio.h>

#include "object.h"

int on_bulk(sd_bus_message *m, void *userdata, sd_bus_error *error);

/*
 * Something in it is no longer so. Everything that is announced comes by here,
 * so that the file is as true as the signals are.
 */
void bulk_forget(struct bus *b);
void bulk_done(struct bus *b);

/* Writes them; -ENOMEM. The stream's own errors stay with the stream. */
int bulk_write(const struct bus *b, FILE *f);

#endif
