/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* resolve.h with the errors said: what each verb begins with. */
#ifndef NVMPATH_CLI_TARGET_H
#define NVMPATH_CLI_TARGET_H

#include <nvmpath/words.h>

#include "model.h"

/* Any object; exit 3 names what looks alike. */
enum nvmpath_exit target_any(const struct model *m, const char *text,
			     const struct object **ret);

/*
 * A path or a controller; a head or a subsystem ends with exit 2 and the
 * names that could be meant (verb is for that line).
 */
enum nvmpath_exit target_path_or_controller(const struct model *m, const char *verb,
					    const char *text, const struct object **ret);

#endif
