/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Log lines: to the journal where base/journal.h is open, else to stderr. */
#ifndef NVMPATH_BASE_LOG_H
#define NVMPATH_BASE_LOG_H

#include <syslog.h>

#include "macro.h"

/* Lines above @level (LOG_DEBUG is the highest) are not written. */
void log_set_level(int level);

/* "debug", "info", "notice", "warning", "err" -> LOG_*; else -EINVAL. */
int log_level_from_string(const char *s);

/*
 * Writes one line. @error is an errno of either sign that %m shows; 0 for
 * none. Returns -abs(@error), so that a caller says and returns in one go.
 */
int log_full(int level, int error, const char *fmt, ...) _printf_(3, 4);

#define log_debug(...)		((void) log_full(LOG_DEBUG, 0, __VA_ARGS__))
#define log_info(...)		((void) log_full(LOG_INFO, 0, __VA_ARGS__))
#define log_notice(...)		((void) log_full(LOG_NOTICE, 0, __VA_ARGS__))
#define log_warning(...)	((void) log_full(LOG_WARNING, 0, __VA_ARGS__))
#define log_error_errno(e, ...)	log_full(LOG_ERR, e, __VA_ARGS__)
#define log_warning_errno(e, ...) log_full(LOG_WARNING, e, __VA_ARGS__)

#endif
