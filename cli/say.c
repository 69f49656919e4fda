/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "say.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "text.h"

static void print_line(FILE *f, const char *prefix, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static void print_line(FILE *f, const char *prefix, const char *fmt, va_list ap)
{
	_cleanup_free_ char *raw = NULL;
	_cleanup_free_ char *safe = NULL;

	if (vasprintf(&raw, fmt, ap) < 0) {
		raw = NULL;
		return;
	}
	safe = text_escape(raw);
	fprintf(f, "%s%s\n", prefix, safe ?: "out of memory");
}

/* Not stderr where somebody reads stdout alone. */
static bool errors_are_unknown;

void say_errors_as_unknown(void)
{
	errors_are_unknown = true;
}

void say_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (errors_are_unknown)
		print_line(stdout, "UNKNOWN: ", fmt, ap);
	else
		print_line(stderr, "nvmpathctl: ", fmt, ap);
	va_end(ap);
}

void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line(stdout, "", fmt, ap);
	va_end(ap);
}
