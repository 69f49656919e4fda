/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What standard output is, and what may be written there. */
#ifndef NVMPATH_CLI_TERMINAL_H
#define NVMPATH_CLI_TERMINAL_H

#include <stdbool.h>

/* True also behind a pager that terminal_remember() was called for. */
bool terminal_is_output(void);
/* Keeps the answers of this file as they are now. */
void terminal_remember(void);
/* Columns; 0: no terminal, lines may be as long as they like. $COLUMNS goes first. */
unsigned int terminal_width(void);
/* $SYSTEMD_COLORS goes first, then $NO_COLOR; else colours are for terminals that are not dumb. */
bool terminal_has_colors(void);

#endif
