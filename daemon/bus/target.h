/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Method handlers of the Manager that take a target. */
#ifndef NVMPATH_BUS_TARGET_H
#define NVMPATH_BUS_TARGET_H

#include <systemd/sd-bus.h>

int target_hold(sd_bus_message *m, void *userdata, sd_bus_error *error);
int target_release(sd_bus_message *m, void *userdata, sd_bus_error *error);
int target_drain(sd_bus_message *m, void *userdata, sd_bus_error *error);
int target_remove(sd_bus_message *m, void *userdata, sd_bus_error *error);
int target_plan(sd_bus_message *m, void *userdata, sd_bus_error *error);

#endif
