/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <nvmpath/dbus.h>

#include "util.h"

static bool is_unsafe(const unsigned char *at)
{
	if (*at < 0x20 || *at == 0x7f || *at == '\\')
		return true;
	/* C1 in UTF-8 is c2 80 to c2 9f: escape both bytes */
	return *at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f;
}

char *text_escape(const char *text)
{
	char *out = malloc(strlen(text) * 4 + 1), *to = out;

	if (!out)
		return NULL;
	for (const unsigned char *at = (const unsigned char *) text; *at; at++) {
		if (!is_unsafe(at)) {
			*to++ = (char) *at;
			continue;
		}
		to += sprintf(to, "\\x%02x", *at);
		if (*at == 0xc2)
			to += sprintf(to, "\\x%02x", *++at);
	}
	*to = '\0';
	return out;
}

const char *text_or_dash(const char *text)
{
	return *text ? text : "-";
}

const char *text_counter(char buf[static TEXT_MAX], int64_t value)
{
	if (value < 0)
		return strcpy(buf, "-");
	(void) snprintf(buf, TEXT_MAX, "%" PRId64, value);
	return buf;
}

const char *text_seconds(char buf[static TEXT_MAX], int64_t sec)
{
	if (sec < 0)
		return strcpy(buf, "-");
	if (sec == NVMPATH_SEC_OFF)
		return strcpy(buf, "off");
	(void) snprintf(buf, TEXT_MAX, "%" PRId64 " s", sec);
	return buf;
}

const char *text_duration(char buf[static TEXT_MAX], uint64_t usec)
{
	uint64_t secs = usec / USEC_PER_SEC;

	if (usec < USEC_PER_SEC)
		(void) snprintf(buf, TEXT_MAX, "%" PRIu64 " ms", usec / USEC_PER_MSEC);
	else if (secs < 60)
		(void) snprintf(buf, TEXT_MAX, "%" PRIu64 ".%" PRIu64 " s", secs,
				usec % USEC_PER_SEC / 100000);
	else if (secs < 3600)
		(void) snprintf(buf, TEXT_MAX, "%" PRIu64 " min", secs / 60);
	else if (secs < 48 * 3600)
		(void) snprintf(buf, TEXT_MAX, "%" PRIu64 " h", secs / 3600);
	else
		(void) snprintf(buf, TEXT_MAX, "%" PRIu64 " d", secs / 86400);
	return buf;
}

const char *text_size(char buf[static TEXT_MAX], uint64_t bytes)
{
	static const char units[] = "BKMGTPE";
	unsigned int unit = 0;
	uint64_t tenths = 0;

	while (bytes >= 1024) {
		tenths = bytes % 1024 * 10 / 1024;
		bytes /= 1024;
		unit++;
	}
	if (tenths)
		(void) snprintf(buf, TEXT_MAX, "%" PRIu64 ".%" PRIu64 "%c", bytes, tenths,
				units[unit]);
	else
		(void) snprintf(buf, TEXT_MAX, "%" PRIu64 "%c", bytes, units[unit]);
	return buf;
}

const char *text_time(char buf[static TEXT_MAX], uint64_t realtime_usec)
{
	time_t secs = (time_t) (realtime_usec / USEC_PER_SEC);
	struct tm tm;

	if (!realtime_usec || !localtime_r(&secs, &tm) ||
	    !strftime(buf, TEXT_MAX, "%Y-%m-%d %H:%M:%S", &tm))
		return strcpy(buf, "-");
	return buf;
}

static const struct unit {
	const char *word;
	uint64_t usec;
} units[] = {
	{ "", USEC_PER_SEC },
	{ "ms", USEC_PER_MSEC },
	{ "s", USEC_PER_SEC },
	{ "sec", USEC_PER_SEC },
	{ "min", 60 * USEC_PER_SEC },
	{ "h", 3600 * USEC_PER_SEC },
	{ "d", 86400 * USEC_PER_SEC },
};

int parse_timeout(const char *text, uint64_t *ret_usec)
{
	unsigned long long n;
	char *end;

	if (!isdigit((unsigned char) *text))
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno)
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(units[i].word, end))
			continue;
		return __builtin_mul_overflow(n, units[i].usec, ret_usec) ? -ERANGE : 0;
	}
	return -EINVAL;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Names longer than this are no typing mistakes of each other. */
#define DISTANCE_MAX 63

size_t text_distance(const char *a, const char *b, size_t limit)
{
	size_t la = strlen(a), lb = strlen(b), row[DISTANCE_MAX + 1];

	if (la > DISTANCE_MAX || lb > DISTANCE_MAX)
		return strcmp(a, b) ? limit + 1 : 0;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1,
				      diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[lb] > limit ? limit + 1 : row[lb];
}
