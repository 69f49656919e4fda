/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Long output through a pager, as systemd's tools do. */
#ifndef NVMPATH_CLI_PAGER_H
#define NVMPATH_CLI_PAGER_H

#include "args.h"

/*
 * From here on standard output goes to $NVMPATH_PAGER, $PAGER or less, if it is a terminal and neither
 * --no-pager nor JSON was asked for. Without a pager output stays where it is.
 */
void pager_open(const struct args *args);

/* Waits until the pager was left. Nothing without one. */
void pager_close(void);

#endif
