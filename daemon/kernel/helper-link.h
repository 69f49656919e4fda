/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection to the helper that is kept, to know at any moment whether it is
 * there: it has answered and not hung up. Until it answers it is starting:
 * connecting starts it where systemd listens for it, so that it is resident
 * before anything is held. Where nobody listens, or it hung up, it is away, and
 * looked for again after a second, later every 30.
 */
#ifndef NVMPATH_KERNEL_HELPER_LINK_H
#define NVMPATH_KERNEL_HELPER_LINK_H

#include <systemd/sd-event.h>

#include "base/macro.h"
#include "core/command.h"

struct helper_link;

/* In the loop, when it is another than it was. */
typedef void (*helper_link_func_t)(void *userdata, enum helper_state now);

/* @socket is borrowed for the link's life. */
int helper_link_new(sd_event *event, const char *socket, helper_link_func_t func,
		    void *userdata, struct helper_link **ret);
enum helper_state helper_link_state(const struct helper_link *l);
struct helper_link *helper_link_free(struct helper_link *l);
DEFINE_CLEANUP(struct helper_link *, helper_link_free)

#endif
