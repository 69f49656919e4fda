/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "when.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "util.h"

static int to_usec(struct tm *tm, uint64_t *ret)
{
	time_t secs;

	tm->tm_isdst = -1;
	secs = mktime(tm);
	if (secs < 0)
		return -EINVAL;
	*ret = (uint64_t) secs * USEC_PER_SEC;
	return 0;
}

static int midnight(uint64_t now_usec, int days, struct tm *ret)
{
	time_t now = (time_t) (now_usec / USEC_PER_SEC);

	if (!localtime_r(&now, ret))
		return -EINVAL;
	ret->tm_hour = ret->tm_min = ret->tm_sec = 0;
	ret->tm_mday += days;
	return 0;
}

static int parse_day(int days, uint64_t now_usec, uint64_t *ret)
{
	struct tm tm;
	int r = midnight(now_usec, days, &tm);

	return r < 0 ? r : to_usec(&tm, ret);
}

static int parse_clock(const char *text, uint64_t now_usec, uint64_t *ret)
{
	static const char * const dates[] = { "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S",
					      "%H:%M", "%H:%M:%S" };

	for (size_t i = 0; i < ARRAY_SIZE(dates); i++) {
		struct tm tm;
		const char *end;

		if (midnight(now_usec, 0, &tm) < 0)
			return -EINVAL;
		end = strptime(text, dates[i], &tm);
		if (end && !*end)
			return to_usec(&tm, ret);
	}
	return -EINVAL;
}

static int parse_epoch(const char *text, uint64_t *ret)
{
	unsigned long long secs;
	char *end;

	if (!*text || text[strspn(text, "0123456789")])
		return -EINVAL;
	errno = 0;
	secs = strtoull(text, &end, 10);
	if (errno || __builtin_mul_overflow(secs, USEC_PER_SEC, ret))
		return -EINVAL;
	return 0;
}

/* "2h", "-2h", "2h ago" */
static int parse_ago(const char *text, uint64_t now_usec, uint64_t *ret)
{
	char span[32];
	uint64_t usec;
	size_t n;

	if (*text == '-')
		text++;
	n = strlen(text);
	if (n > 4 && !strcmp(text + n - 4, " ago"))
		n -= 4;
	if (n >= sizeof(span))
		return -EINVAL;
	(void) snprintf(span, sizeof(span), "%.*s", (int) n, text);
	if (parse_timeout(span, &usec) < 0 || usec > now_usec)
		return -EINVAL;
	*ret = now_usec - usec;
	return 0;
}

int parse_moment(const char *text, uint64_t now_usec, uint64_t *ret)
{
	if (!strcmp(text, "now")) {
		*ret = now_usec;
		return 0;
	}
	if (!strcmp(text, "today"))
		return parse_day(0, now_usec, ret);
	if (!strcmp(text, "yesterday"))
		return parse_day(-1, now_usec, ret);
	if (*text == '@')
		return parse_epoch(text + 1, ret);
	if (parse_clock(text, now_usec, ret) >= 0)
		return 0;
	return parse_ago(text, now_usec, ret);
}

const char *text_moment(char buf[static TEXT_MAX], uint64_t realtime_usec)
{
	size_t used = strlen(text_time(buf, realtime_usec));

	if (realtime_usec)
		(void) snprintf(buf + used, TEXT_MAX - used, ".%03" PRIu64,
				realtime_usec % USEC_PER_SEC / USEC_PER_MSEC);
	return buf;
}
