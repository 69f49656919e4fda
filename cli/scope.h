/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which objects an object stands for in tree and stats; NULL is all. Pure. */
#ifndef NVMPATH_CLI_SCOPE_H
#define NVMPATH_CLI_SCOPE_H

#include "model.h"

bool scope_has_subsystem(const struct object *scope, const struct subsystem *s);
bool scope_has_controller(const struct object *scope, const struct controller *c);
bool scope_has_namespace(const struct object *scope, const struct namespace *ns);
bool scope_has_path(const struct object *scope, const struct path *p);

#endif
