/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* resolve.h with the errors said: what each verb begins with. */
#ifndef NVMPATH_CLI_TARGET_H
#define NVMPATH_CLI_TARGET_H

#include <systemd/sd-bus.h>

#include <nvmpath/words.h>

#include "model.h"
#include "scope.h"

/* Anything that can be named; exit 3 names what looks alike. */
enum nvmpath_exit target_scope(const struct model *m, const char *text, struct scope *ret);

/* One object; KEY=VALUE is good if one controller has it. */
enum nvmpath_exit target_any(const struct model *m, const char *text,
			     const struct object **ret);

/*
 * A path, a controller or KEY=VALUE; a head or a subsystem ends with exit 2
 * and the names that could be meant (verb is for that line).
 */
enum nvmpath_exit target_to_act_on(const struct model *m, const char *verb, const char *text,
				   struct scope *ret);

/*
 * A method call to the object, or to the manager with the target as its first argument where it is
 * no object, or where the object's own method would not do (whole).
 */
int target_new_call(sd_bus *bus, const struct scope *s, bool whole, const char *member,
		    sd_bus_message **ret);

#endif
