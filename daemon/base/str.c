/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "str.h"

int str_copy(char *dst, size_t size, const char *src)
{
	size_t len = src ? strlen(src) : 0;
	size_t fits = len < size ? len : size - 1;

	if (fits)
		memcpy(dst, src, fits);
	dst[fits] = '\0';
	return fits == len ? (int) len : -E2BIG;
}

bool str_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool str_has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

char *str_strip(char *s)
{
	size_t len;

	while (is_space(*s))
		s++;
	len = strlen(s);
	while (len && is_space(s[len - 1]))
		s[--len] = '\0';
	return s;
}

/* The length of the well-formed character at @s, 0 where there is none. */
static size_t utf8_length(const unsigned char *s)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least;
	} forms[] = {
		{ 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		uint32_t c = s[0] & (unsigned char) ~forms[i].mask;

		if ((s[0] & forms[i].mask) != forms[i].lead)
			continue;
		for (size_t k = 1; k <= i + 1; k++) {
			if ((s[k] & 0xc0) != 0x80)	/* the NUL, too */
				return 0;
			c = c << 6 | (s[k] & 0x3f);
		}
		/* C1 controls, surrogates, noncharacters at a plane's end */
		if (c < forms[i].least || c < 0xa0 || c > 0x10ffff ||
		    (c >= 0xd800 && c < 0xe000) || (c & 0xfffe) == 0xfffe ||
		    (c >= 0xfdd0 && c <= 0xfdef))
			return 0;
		return i + 2;
	}
	return 0;
}

void str_sanitize(char *s)
{
	while (*s) {
		unsigned char c = (unsigned char) *s;
		size_t n = c < 0x80 ? 1 : utf8_length((const unsigned char *) s);

		if (c < ' ' || c == 0x7f || !n) {
			*s = '?';
			n = 1;
		}
		s += n;
	}
}

void str_append(char *dst, size_t size, const char *fmt, ...)
{
	size_t len = strlen(dst);
	va_list ap;

	va_start(ap, fmt);
	(void) vsnprintf(dst + len, size - len, fmt, ap);
	va_end(ap);
}

static size_t digits(const char *s)
{
	size_t n = 0;

	while (is_digit(s[n]))
		n++;
	return n;
}

/* Leading zeros do not count; longer is larger, else digit by digit. */
static int compare_numbers(const char *a, size_t na, const char *b, size_t nb)
{
	while (na && *a == '0') {
		a++;
		na--;
	}
	while (nb && *b == '0') {
		b++;
		nb--;
	}
	if (na != nb)
		return na < nb ? -1 : 1;
	return memcmp(a, b, na);
}

int str_compare_natural(const char *a, const char *b)
{
	const char *x = a, *y = b;

	while (*x && *y) {
		if (is_digit(*x) && is_digit(*y)) {
			size_t nx = digits(x), ny = digits(y);
			int c = compare_numbers(x, nx, y, ny);

			if (c)
				return c;
			x += nx;
			y += ny;
			continue;
		}
		if (*x != *y)
			return (unsigned char) *x < (unsigned char) *y ? -1 : 1;
		x++;
		y++;
	}
	if (*x || *y)
		return *x ? 1 : -1;
	return strcmp(a, b);
}

/* Finds the digits of a whole number; -EINVAL where there is more. */
static int number_span(const char *s, const char **begin, size_t *n)
{
	if (!s)
		return -EINVAL;
	while (is_space(*s))
		s++;
	*begin = s;
	*n = digits(s);
	if (!*n)
		return -EINVAL;
	for (s += *n; *s; s++)
		if (!is_space(*s))
			return -EINVAL;
	return 0;
}

int str_to_u64(const char *s, uint64_t *ret)
{
	uint64_t v = 0;
	size_t n;
	int r;

	r = number_span(s, &s, &n);
	if (r < 0)
		return r;
	for (; n; n--, s++)
		if (__builtin_mul_overflow(v, (uint64_t) 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t) (*s - '0'), &v))
			return -ERANGE;
	*ret = v;
	return 0;
}

int str_to_s64(const char *s, int64_t *ret)
{
	bool negative = false;
	uint64_t v;
	int r;

	if (!s)
		return -EINVAL;
	while (is_space(*s))
		s++;
	if (*s == '-') {
		negative = true;
		s++;
	}
	r = str_to_u64(s, &v);
	if (r < 0)
		return r;
	if (v > INT64_MAX)
		return -ERANGE;
	*ret = negative ? -(int64_t) v : (int64_t) v;
	return 0;
}

int str_option(const char *options, const char *key, char *dst, size_t size)
{
	size_t key_len = strlen(key);

	for (const char *s = options; *s;) {
		size_t len = strcspn(s, ",");

		if (len > key_len && s[key_len] == '=' &&
		    strncmp(s, key, key_len) == 0) {
			size_t value = len - key_len - 1;

			if (value >= size)
				value = size - 1;
			memcpy(dst, s + key_len + 1, value);
			dst[value] = '\0';
			return 1;
		}
		s += len;
		if (*s)
			s++;
	}
	dst[0] = '\0';
	return 0;
}

uint64_t str_hash(const char *s)
{
	uint64_t h = 0xcbf29ce484222325ULL;

	for (; *s; s++) {
		h ^= (unsigned char) *s;
		h *= 0x100000001b3ULL;
	}
	return h;
}

int str_to_usec(const char *s, uint64_t *ret)
{
	static const struct {
		const char *unit;
		uint64_t usec;
	} units[] = {
		{ "us", 1 }, { "ms", 1000 }, { "s", 1000000 }, { "", 1000000 },
		{ "min", 60000000 }, { "h", 3600000000 },
	};
	size_t n = digits(s);
	char number[24];
	uint64_t v;

	if (!n || n >= sizeof(number))
		return -EINVAL;
	memcpy(number, s, n);
	number[n] = '\0';
	if (str_to_u64(number, &v) < 0)
		return -ERANGE;
	for (s += n; *s == ' '; s++)
		;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (!str_equal(s, units[i].unit))
			continue;
		if (v > UINT64_MAX / units[i].usec)
			return -ERANGE;
		*ret = v * units[i].usec;
		return 0;
	}
	return -EINVAL;
}

/* A star that did not fit is tried one byte further on; no other needs to be. */
bool str_glob(const char *pattern, const char *s)
{
	const char *star = NULL, *from = NULL;

	while (*s) {
		if (*pattern == '*') {
			star = ++pattern;
			from = s;
		} else if (*pattern == '?' || *pattern == *s) {
			pattern++;
			s++;
		} else if (star) {
			pattern = star;
			s = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}
