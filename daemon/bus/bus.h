/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The D-Bus API (docs/DBUS.md): shows what the manager knows, asks it to act. */
#ifndef NVMPATH_BUS_BUS_H
#define NVMPATH_BUS_BUS_H

#include <systemd/sd-bus.h>

#include "policy/manager.h"

struct bus;

/*
 * Connects (to the system bus where @address is NULL), publishes the objects
 * and takes the name. Says what went wrong.
 */
int bus_new(struct manager *m, const char *address, struct bus **ret);
struct bus *bus_free(struct bus *b);
DEFINE_CLEANUP(struct bus *, bus_free)

#endif
