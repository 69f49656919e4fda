/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_HELPER_SERVE_H
#define NVMPATH_HELPER_SERVE_H

#include <sys/types.h>

#include "core/command.h"

/*
 * Does what @c (checked) asks for and fills @a, which has room for
 * COMMAND_TEXT_MAX bytes of text. @node is the descriptor that came with it, -1
 * for none; anything but an NVMe controller's node is -ENOTTY, and no command is
 * sent. @peer is who asks. Blocks as long as the device does.
 */
void serve_command(const struct command *c, int node, pid_t peer, struct answer *a);

#endif
