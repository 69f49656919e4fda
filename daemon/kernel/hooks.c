/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/str.h"
#include "hooks.h"

/* Killed, it is gone at once; unless it hangs in the kernel. */
#define REAP_USEC USEC_PER_SEC

struct hook {
	const char *dir, *name, *when;
	char *const *env;
	uint64_t deadline_usec;
	char *detail;
};

static int say(const struct hook *h, int r, const char *what)
{
	(void) snprintf(h->detail, HOOK_DETAIL_SIZE, "hook %s: %s", h->name, what);
	return r;
}

/* 1: to be run; 0: none; -ECONNREFUSED: nobody may run that as root. */
static int judge(const struct hook *h, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || !(st.st_mode & 0111))
		return 0;
	if ((st.st_uid != 0 && st.st_uid != geteuid()) || st.st_mode & 022)
		return say(h, -ECONNREFUSED, "others than root may write to it");
	return 1;
}

static int set_up(posix_spawnattr_t *attr, posix_spawn_file_actions_t *files)
{
	sigset_t none, all;
	int r;

	sigemptyset(&none);
	sigfillset(&all);
	r = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
					   POSIX_SPAWN_SETSIGDEF);
	if (!r)
		r = posix_spawnattr_setsigmask(attr, &none);
	if (!r)
		r = posix_spawnattr_setsigdefault(attr, &all);
	if (!r)
		r = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
	if (!r)		/* to the journal, like our own */
		r = posix_spawn_file_actions_adddup2(files, 2, 1);
	return -r;
}

static int spawn(const struct hook *h, const char *path, pid_t *ret)
{
	char *argv[] = { (char *) path, (char *) h->when, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int r;

	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_init(&files);
	r = set_up(&attr, &files);
	if (r >= 0)
		r = -posix_spawn(ret, path, &files, &attr, argv, h->env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return r;
}

/* 1: it ended; 0: it did not in time. */
static int wait_until(int pid_fd, uint64_t deadline_usec)
{
	struct pollfd p = { .fd = pid_fd, .events = POLLIN };

	for (;;) {
		uint64_t now = now_monotonic_usec();
		int ms = now >= deadline_usec ? 0 :
			 (int) ((deadline_usec - now) / USEC_PER_MSEC + 1);
		int r = poll(&p, 1, ms);

		if (r > 0)
			return 1;
		if (r < 0 && errno != EINTR)
			return -errno;
		if (r == 0)
			return 0;
	}
}

static int say_end(const struct hook *h, int status)
{
	char text[64];

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status))
		(void) snprintf(text, sizeof(text), "exit status %d", WEXITSTATUS(status));
	else
		(void) snprintf(text, sizeof(text), "killed by signal %d", WTERMSIG(status));
	return say(h, -ECONNREFUSED, text);
}

static int finish(const struct hook *h, pid_t pid, int pid_fd)
{
	int status, r = wait_until(pid_fd, h->deadline_usec);
	bool late = r == 0;

	if (r <= 0) {
		(void) kill(-pid, SIGKILL);
		r = wait_until(pid_fd, now_monotonic_usec() + REAP_USEC);
	}
	if (r > 0 && waitpid(pid, &status, 0) == pid && !late)
		return say_end(h, status);
	return say(h, -ETIMEDOUT, "did not end in time, and was killed");
}

static int run_one(const struct hook *h)
{
	_cleanup_close_ int pid_fd = -EBADF;
	char path[PATH_MAX];
	pid_t pid;
	int r;

	(void) snprintf(path, sizeof(path), "%s/%s", h->dir, h->name);
	r = judge(h, path);
	if (r <= 0)
		return r;
	if (now_monotonic_usec() >= h->deadline_usec)
		return say(h, -ETIMEDOUT, "there was no time left for it");
	r = spawn(h, path, &pid);
	if (r < 0)
		return say(h, -ECONNREFUSED, strerror(-r));
	pid_fd = (int) syscall(SYS_pidfd_open, pid, 0);
	return finish(h, pid, pid_fd);
}

static int no_hidden(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

int hooks_run(const char *dir, const char *when, char *const *env,
	      uint64_t deadline_usec, bool all_of_them,
	      char detail[HOOK_DETAIL_SIZE])
{
	char later[HOOK_DETAIL_SIZE];
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, no_hidden, alphasort), first = 0;

	detail[0] = '\0';
	if (n < 0 && errno != ENOENT) {
		(void) snprintf(detail, HOOK_DETAIL_SIZE, "%s: %s", dir, strerror(errno));
		return -ECONNREFUSED;
	}
	for (int i = 0; i < n; i++) {
		struct hook h = {
			.dir = dir, .name = entries[i]->d_name, .when = when,
			.env = env, .deadline_usec = deadline_usec,
			.detail = first < 0 ? later : detail,
		};
		int r = first < 0 && !all_of_them ? 0 : run_one(&h);

		first = first < 0 ? first : r;
		free(entries[i]);
	}
	free(entries);
	return first;
}
