/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moments as people type them and read them. Pure but for the time zone. */
#ifndef NVMPATH_CLI_WHEN_H
#define NVMPATH_CLI_WHEN_H

#include <stdint.h>

#include "text.h"

/*
 * "2h", "-2h" and "2h ago" (before now), "now", "today", "yesterday",
 * "2026-11-22", "2026-11-22 14:30[:05]", "14:30[:05]" (today), "@1795365310".
 * -EINVAL.
 */
int parse_moment(const char *text, uint64_t now_usec, uint64_t *ret_usec);

/* "2026-11-22 14:30:05.123" in local time */
const char *text_moment(char buf[static TEXT_MAX], uint64_t realtime_usec);

#endif
