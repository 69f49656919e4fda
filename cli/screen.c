/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "screen.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "text.h"
#include "util.h"

/* Lines that are too long are cut, not wrapped: a wrapped one would scroll. */
#define ENTER "\033[?1049h\033[?25l\033[?7l"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"
#define HOME "\033[H"
#define CLEAR_TO_EOL "\033[K"
#define CLEAR_BELOW "\033[J"

static struct termios saved;
static bool is_open;

bool screen_is_possible(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

void screen_open(void)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &saved) < 0)
		return;
	raw = saved;
	raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
	(void) tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	fputs(ENTER, stdout);
	(void) fflush(stdout);
	is_open = true;
}

void screen_close(void)
{
	if (!is_open)
		return;
	fputs(LEAVE, stdout);
	(void) fflush(stdout);
	(void) tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	is_open = false;
}

static unsigned int rows(void)
{
	struct winsize ws;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) < 0 || !ws.ws_row ? 24 : ws.ws_row;
}

static unsigned int columns(void)
{
	struct winsize ws;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) < 0 || !ws.ws_col ? 80 : ws.ws_col;
}

void screen_paint(const char *head, const char *text)
{
	_cleanup_free_ char *safe = text_escape(head);
	unsigned int left = rows();

	printf(HOME "%.*s" CLEAR_TO_EOL, (int) columns(), safe ?: "");
	for (const char *line = text; --left && *line;) {
		size_t n = strcspn(line, "\n");

		printf("\r\n%.*s" CLEAR_TO_EOL, (int) n, line);
		line += n + (line[n] == '\n');
	}
	fputs(CLEAR_BELOW, stdout);
	(void) fflush(stdout);
}

int screen_watch_size(sd_event *e, sd_event_signal_handler_t fn, void *userdata)
{
	sigset_t set;

	(void) sigemptyset(&set);
	(void) sigaddset(&set, SIGWINCH);
	(void) sigprocmask(SIG_BLOCK, &set, NULL);
	return sd_event_add_signal(e, NULL, SIGWINCH, fn, userdata);
}
