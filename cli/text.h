/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values as people read them, and what people type. Pure. */
#ifndef NVMPATH_CLI_TEXT_H
#define NVMPATH_CLI_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * The text with control characters (C0, DEL, C1) and the backslash as \xNN:
 * a name from a target must not steer a terminal. Allocated, or NULL without
 * memory.
 */
char *text_escape(const char *text);

/* "-" for "". Borrowed. */
const char *text_or_dash(const char *text);

/* All into buf, which is returned. */
#define TEXT_MAX 64
const char *text_counter(char buf[static TEXT_MAX], int64_t value);
/* "600 s", "off" for NVMPATH_SEC_OFF, "-" */
const char *text_seconds(char buf[static TEXT_MAX], int64_t sec);
/* "210 ms", "4.2 s", "3 min", "5 h", "2 d" */
const char *text_duration(char buf[static TEXT_MAX], uint64_t usec);
/* "3.5T": binary units, as lsblk prints them */
const char *text_size(char buf[static TEXT_MAX], uint64_t bytes);
/* local time, "-" for 0 */
const char *text_time(char buf[static TEXT_MAX], uint64_t realtime_usec);

/*
 * "30", "30s", "500ms", "2min", "1h"; plain numbers are seconds.
 * -EINVAL, -ERANGE.
 */
int parse_timeout(const char *text, uint64_t *ret_usec);

/* Edits between two names (Levenshtein), at most limit + 1. */
size_t text_distance(const char *a, const char *b, size_t limit);

#endif
