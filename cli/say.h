/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines for people, on stderr and stdout, with names made safe to print. */
#ifndef NVMPATH_CLI_SAY_H
#define NVMPATH_CLI_SAY_H

#include "util.h"

/* "nvmpathctl: ..." on stderr, one line, control characters escaped. */
void say_error(const char *fmt, ...) _printf_(1, 2);

/* From here on "UNKNOWN: ..." on stdout: monitoring systems read nothing else. */
void say_errors_as_unknown(void);

/* A line on stdout, escaped likewise. */
void say(const char *fmt, ...) _printf_(1, 2);

#endif
