/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Strings and numbers as text. Nothing here allocates or fails silently. */
#ifndef NVMPATH_BASE_STR_H
#define NVMPATH_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "macro.h"

/*
 * Copies as much of @src as fits and always terminates. Returns the length,
 * or -E2BIG where something was cut off. NULL counts as "".
 */
int str_copy(char *dst, size_t size, const char *src);
#define STR_COPY(array, src) ((void) str_copy(array, sizeof(array), src))

bool str_equal(const char *a, const char *b);
bool str_has_prefix(const char *s, const char *prefix);

/* Cuts white space from both ends in place; returns the new begin. */
char *str_strip(char *s);

/*
 * Makes text of unknown origin fit for a terminal, a log line and D-Bus:
 * control characters become '?', and so does every byte that is not part of
 * well-formed UTF-8.
 */
void str_sanitize(char *s);

/* Appends formatted text to a buffer that holds a string; cuts what is over. */
void str_append(char *dst, size_t size, const char *fmt, ...) _printf_(3, 4);

/*
 * Orders names as people do: runs of digits by value (nvme2 < nvme10). Equal
 * only where the texts are.
 */
int str_compare_natural(const char *a, const char *b);

/*
 * Whole decimal numbers, white space around them allowed. -EINVAL for
 * anything else, -ERANGE where it does not fit.
 */
int str_to_u64(const char *s, uint64_t *ret);
int str_to_s64(const char *s, int64_t *ret);

/*
 * A span of time: a number, then us, ms, s, min or h; seconds without. -EINVAL,
 * -ERANGE.
 */
int str_to_usec(const char *s, uint64_t *ret);

/* Whether @s is as @pattern says: * is any text, ? any one byte. */
bool str_glob(const char *pattern, const char *s);

/*
 * The value of @key in a text like "traddr=10.0.0.1,trsvcid=4420" (the
 * kernel's controller address). Returns 1 and fills @dst, or 0 and sets @dst
 * to "" where the key is not there.
 */
int str_option(const char *options, const char *key, char *dst, size_t size);

/* FNV-1a, 64 bit: a stable short name for a long key, no security meant. */
uint64_t str_hash(const char *s);

#endif
