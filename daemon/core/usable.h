/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a path can take I/O, in the kernel's words. */
#ifndef NVMPATH_CORE_USABLE_H
#define NVMPATH_CORE_USABLE_H

#include "model.h"

/*
 * Fills path_state and usable. @reported is what the kernel's path_state
 * says; where it is "" (a kernel without the attribute) the words are derived
 * from the controller's state, the ANA state and admin_state, as
 * nvme_path_is_disabled() and nvme_path_is_optimized() of the kernel's
 * multipath.c judge them. A path whose controller's state nobody knows is not
 * usable: absence of data is no promise.
 */
void path_judge(struct path *p, const char *controller_state,
		const char *reported);

#endif
