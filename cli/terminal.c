/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_MAX 4096

static struct {
	bool known;
	bool is_output;
	unsigned int width;
} remembered;

bool terminal_is_output(void)
{
	return remembered.known ? remembered.is_output : isatty(STDOUT_FILENO);
}

static unsigned int width_from_environment(void)
{
	const char *text = getenv("COLUMNS");
	char *end;
	unsigned long n;

	if (!text || !*text)
		return 0;
	n = strtoul(text, &end, 10);
	return *end || n > WIDTH_MAX ? 0 : (unsigned int) n;
}

unsigned int terminal_width(void)
{
	unsigned int width = width_from_environment();
	struct winsize ws;

	if (width)
		return width;
	if (remembered.known)
		return remembered.width;
	if (!terminal_is_output())
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) < 0 || !ws.ws_col)
		return 80;
	return ws.ws_col;
}

void terminal_remember(void)
{
	unsigned int width = terminal_width();

	remembered.is_output = terminal_is_output();
	remembered.width = width;
	remembered.known = true;
}

/* As systemd reads it: a boolean or a number of colours. */
static bool is_off(const char *word)
{
	static const char * const words[] = { "0", "no", "n", "false", "f", "off" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

bool terminal_has_colors(void)
{
	const char *colors = getenv("SYSTEMD_COLORS"), *none = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (colors && *colors)
		return !is_off(colors);
	if (none && *none)
		return false;
	return terminal_is_output() && term && strcmp(term, "dumb") != 0;
}
