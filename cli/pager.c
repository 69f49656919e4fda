/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pager.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "terminal.h"
#include "util.h"

static pid_t pager;

/* What was asked for; NULL: less, if it is installed. */
static const char *command(void)
{
	const char *name = getenv("NVMPATH_PAGER");

	return name ?: getenv("PAGER");
}

/*
 * Ends at once if all fits, keeps colours, does not wrap, keeps the screen. A
 * pager that is not there loses nothing: cat prints it then.
 */
static void run_pager(int fd)
{
	const char *name = command();

	(void) dup2(fd, STDIN_FILENO);
	(void) close(fd);
	(void) setenv("LESS", "FRSXMK", 0);
	if (name)
		(void) execlp("sh", "sh", "-c", "eval \"$1\"; [ $? != 127 ] || exec cat",
			      "sh", name, NULL);
	else
		(void) execlp("sh", "sh", "-c",
			      "command -v less >/dev/null && exec less; exec cat", NULL);
	_exit(EXIT_FAILURE);
}

static bool is_wanted(const struct args *args)
{
	const char *name = command();

	return !args->no_pager && !args->json && terminal_is_output() &&
	       (!name || (*name && strcmp(name, "cat") != 0));
}

void pager_open(const struct args *args)
{
	int fds[2];

	if (!is_wanted(args) || pipe(fds) < 0)
		return;
	/* Width and colours are those of the terminal behind the pager. */
	terminal_remember();
	(void) fflush(stdout);
	pager = fork();
	if (pager == 0) {
		(void) close(fds[1]);
		run_pager(fds[0]);
	}
	(void) close(fds[0]);
	if (pager > 0)
		(void) dup2(fds[1], STDOUT_FILENO);
	(void) close(fds[1]);
}

void pager_close(void)
{
	if (pager <= 0)
		return;
	(void) fclose(stdout);
	while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
		;
	pager = 0;
	/* main() flushes it once more */
	stdout = fopen("/dev/null", "w");
}
