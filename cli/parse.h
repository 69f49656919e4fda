/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From bus messages to plain structs. */
#ifndef NVMPATH_CLI_PARSE_H
#define NVMPATH_CLI_PARSE_H

#include <systemd/sd-bus.h>

#include "model.h"

/*
 * Reads a GetManagedObjects reply (a{oa{sa{sv}}}). Objects and properties
 * that are not ours to know are skipped. -EBADMSG, -ENOMEM; what was read
 * so far is in the model, for model_done().
 */
int parse_managed_objects(sd_bus_message *reply, struct model *m);

/*
 * Reads one a{sv}, as GetAll gives it, into an object that does not borrow. A
 * property of another type than ours is skipped: it stays unknown.
 */
int parse_properties(sd_bus_message *message, struct object *o);

/* Calls fn for each entry of an array of dictionary entries; contents: "sv". */
typedef int (*parse_entry_fn)(sd_bus_message *m, void *userdata);
int parse_entries(sd_bus_message *m, const char *contents, parse_entry_fn fn, void *userdata);

/* The name in an object path of ours ("" for "/"). Allocated; NULL: no memory. */
char *parse_object_name(const char *bus_path);

#endif
