/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded into the daemon by tests, never installed: ends it with SIGKILL
 * right before its Nth deed. Deeds are what others could see of it after its
 * death: records written or removed, attributes and devices written, commands
 * sent to the helper. Where a test says so it is the kernel, too, behind a tree of files.
 *
 * NVMPATH_KILL_AT	file with N, and more numbers for the daemons after this one. It
 *			is taken at the start and whenever there is a new one, from which
 *			deeds then count; 0, or none: nobody is killed
 * NVMPATH_KILL_LOG	file that gets a line a deed
 * NVMPATH_KILL_TREE	the tree that looks like sysfs; without it sysfs is real
 * NVMPATH_KILL_REFUSE	name of a path that this kernel does not hold: EBUSY
 * NVMPATH_KILL_FAIL	file, read before each deed: "VERB ERRNO PART" a line; a deed
 *			whose verb it is and that has PART in what it touches fails
 *			with ERRNO, or never returns where that is 0
 * NVMPATH_KILL_CLOCK	file: seconds by which the realtime clock, and by which all
 *			others are ahead
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "core/command.h"

static const char *tree, *refused, *failing, *clock_file;
static const char *numbers;
static char next_numbers[PATH_MAX];
static int log_fd = -1;
static unsigned wanted, deeds;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int fd, const void *data, size_t size);
static int (*real_rename)(const char *from, const char *to);
static int (*real_unlink)(const char *path);
static ssize_t (*real_sendmsg)(int fd, const struct msghdr *msg, int flags);
static int (*real_openat64)(int dir, const char *path, int flags, ...);

#define FIND(f) *(void **) &real_##f = dlsym(RTLD_NEXT, #f)

/* The numbers after the first are left to who is started next. */
static void leave_numbers(const char *rest)
{
	int fd;

	fd = open(next_numbers, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	(void) !real_write(fd, rest, strlen(rest));
	close(fd);
}

static bool take_number(const char *file)
{
	char text[64] = "", *rest;
	unsigned long n;
	FILE *f = fopen(file, "re");

	if (!f)
		return false;
	(void) !fgets(text, sizeof(text), f);
	fclose(f);
	real_unlink(file);
	n = strtoul(text, &rest, 10);
	wanted = n ? deeds + (unsigned) n : 0;
	if (strtoul(rest, NULL, 10))
		leave_numbers(rest);
	return true;
}

__attribute__((constructor)) static void begin(void)
{
	const char *log = getenv("NVMPATH_KILL_LOG");

	FIND(write);
	FIND(rename);
	FIND(unlink);
	FIND(sendmsg);
	FIND(openat64);
	tree = getenv("NVMPATH_KILL_TREE");
	refused = getenv("NVMPATH_KILL_REFUSE");
	failing = getenv("NVMPATH_KILL_FAIL");
	clock_file = getenv("NVMPATH_KILL_CLOCK");
	if (log)
		log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	numbers = getenv("NVMPATH_KILL_AT");
	(void) snprintf(next_numbers, sizeof(next_numbers), "%s.next", numbers ?: "");
	if (numbers && !take_number(next_numbers))
		(void) take_number(numbers);
	unsetenv("NVMPATH_KILL_AT");	/* what it starts is not killed */
}

static bool fails(const char *verb, const char *what)
{
	FILE *f = failing ? fopen(failing, "re") : NULL;
	char word[16], part[128];
	int number, found = -1;

	while (f && found < 0 && fscanf(f, "%15s %d %127s", word, &number, part) == 3)
		if (strcmp(word, verb) == 0 && strstr(what, part))
			found = number;
	if (f)
		fclose(f);
	while (found == 0)
		pause();
	errno = found;
	return found > 0;
}

/* Is to fail, with errno? */
static bool deed(const char *verb, const char *what)
{
	char line[PATH_MAX + 64];
	unsigned n;
	int size;

	pthread_mutex_lock(&lock);
	if (numbers)
		(void) take_number(numbers);
	n = ++deeds;
	pthread_mutex_unlock(&lock);
	size = snprintf(line, sizeof(line), "%s%s %s\n",
			n == wanted ? "killed before " : "", verb, what);
	if (log_fd >= 0 && size > 0)
		(void) !real_write(log_fd, line, (size_t) size);
	if (n == wanted) {
		kill(getpid(), SIGKILL);
		pause();
	}
	return fails(verb, what);
}

/* Whole or not at all, as sysfs does: a reader may come at any moment. */
static void put(const char *dir, const char *attr, const char *text)
{
	char path[PATH_MAX], temporary[PATH_MAX + 16];
	int fd;

	(void) snprintf(path, sizeof(path), "%s%s", dir, attr);
	(void) snprintf(temporary, sizeof(temporary), "%s.%d", path, gettid());
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	(void) !real_write(fd, text, strlen(text));
	close(fd);
	real_rename(temporary, path);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
}

/* The tree knows one subsystem; its controllers are linked from there. */
static void link_of(const char *controller, char ret[PATH_MAX])
{
	(void) snprintf(ret, PATH_MAX, "%s/class/nvme-subsystem/nvme-subsys0/%s",
			tree, controller);
}

static void take_away(char *attr)
{
	char away[PATH_MAX], link[PATH_MAX], *name;

	*strstr(attr, "/device/remove") = '\0';
	name = strrchr(attr, '/') + 1;
	(void) snprintf(away, sizeof(away), "%s/away-%s", tree, name);
	link_of(name, link);
	real_unlink(link);
	real_rename(attr, away);
}

static void bring_back_one(const char *name)
{
	char away[PATH_MAX], back[PATH_MAX], link[PATH_MAX], path[PATH_MAX + 64];
	char target[PATH_MAX];

	(void) snprintf(away, sizeof(away), "%s/away-%s", tree, name);
	for (int n = 1; n <= 2; n++) {
		(void) snprintf(path, sizeof(path), "%s/nvme0c%sn%d", away, name + 4, n);
		put(path, "/admin_state", "online\n");
		put(path, "/path_state", "usable\n");
	}
	(void) snprintf(back, sizeof(back), "%s/class/nvme/%s", tree, name);
	(void) snprintf(target, sizeof(target), "../../nvme/%s", name);
	link_of(name, link);
	real_rename(away, back);
	(void) !symlink(target, link);
}

static void bring_back(void)
{
	DIR *d = opendir(tree);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (strncmp(e->d_name, "away-", 5) == 0)
			bring_back_one(e->d_name + 5);
	if (d)
		closedir(d);
}

/* What becomes of a write to sysfs. */
static void kernel(char *attr, const char *text)
{
	if (ends_with(attr, "/admin_state")) {
		*strrchr(attr, '/') = '\0';
		put(attr, "/path_state",
		    strncmp(text, "hold", 4) == 0 ? "held\n" : "usable\n");
	} else if (ends_with(attr, "/device/remove")) {
		take_away(attr);
	} else if (ends_with(attr, "/bus/pci/rescan")) {
		bring_back();
	}
}

static bool is_refused(const char *attr, const char *text)
{
	return refused && strstr(attr, refused) && strncmp(text, "hold", 4) == 0;
}

static bool name_of(int fd, char ret[PATH_MAX])
{
	char link[32];
	ssize_t n;

	(void) snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, ret, PATH_MAX - 1);
	ret[n > 0 ? n : 0] = '\0';
	return n > 0 && (strncmp(ret, tree ? tree : "/sys/", strlen(tree ? tree : "/sys/")) == 0 ||
			 strcmp(ret, "/dev/nvme-fabrics") == 0);
}

ssize_t write(int fd, const void *data, size_t size)
{
	char path[PATH_MAX], what[PATH_MAX + 32], text[16];

	if (!real_write)
		FIND(write);
	/* tracefs is no deed: it ends with the daemon */
	if (!name_of(fd, path) || strstr(path, "/tracing/"))
		return real_write(fd, data, size);
	(void) snprintf(text, sizeof(text), "%.*s", (int) (size > 15 ? 15 : size),
			(const char *) data);
	(void) snprintf(what, sizeof(what), "%s=%s", path, text);
	if (deed("write", what))
		return -1;
	if (tree && is_refused(path, text)) {
		errno = EBUSY;
		return -1;
	}
	if (!tree)
		return real_write(fd, data, size);
	put(path, "", text);
	kernel(path, text);
	return (ssize_t) size;
}

/* To truncate an attribute does nothing; to a file it does. */
int openat64(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	va_start(ap, flags);
	if (flags & O_CREAT)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	if (!real_openat64)
		FIND(openat64);
	if (tree && !(flags & O_CREAT))
		flags &= ~O_TRUNC;
	return real_openat64(dir, path, flags, mode);
}

int rename(const char *from, const char *to)
{
	if (!real_rename)
		FIND(rename);
	if (deed("rename", to))
		return -1;
	return real_rename(from, to);
}

int unlink(const char *path)
{
	if (!real_unlink)
		FIND(unlink);
	if (strstr(path, ".json") && deed("unlink", path))
		return -1;
	return real_unlink(path);
}

/* A command to the helper (core/command.h). What only asks is no deed. */
ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	const struct command *c = msg->msg_iovlen ? msg->msg_iov[0].iov_base : NULL;

	if (!real_sendmsg)
		FIND(sendmsg);
	if (c && msg->msg_iov[0].iov_len >= sizeof(*c) && c->magic == COMMAND_MAGIC &&
	    (c->kind == COMMAND_ATTACH || c->kind == COMMAND_DETACH) &&
	    deed("command", c->kind == COMMAND_ATTACH ? "attach" : "detach"))
		return -1;
	return real_sendmsg(fd, msg, flags);
}

/* By how many seconds it is ahead of the kernel's. */
static long ahead(clockid_t id)
{
	FILE *f = clock_file ? fopen(clock_file, "re") : NULL;
	long realtime = 0, others = 0;

	if (f) {
		if (fscanf(f, "%ld %ld", &realtime, &others) != 2)
			realtime = others = 0;
		fclose(f);
	}
	return id == CLOCK_REALTIME ? realtime : others;
}

int clock_gettime(clockid_t id, struct timespec *ret)
{
	if (syscall(SYS_clock_gettime, id, ret) < 0)
		return -1;
	ret->tv_sec += ahead(id);
	return 0;
}

/* Which clock a timer goes by; event loops have a handful. */
static clockid_t timers[64];

int timerfd_create(clockid_t id, int flags)
{
	int fd = (int) syscall(SYS_timerfd_create, id, flags);

	if (fd >= 0 && fd < (int) (sizeof(timers) / sizeof(timers[0])))
		timers[fd] = id;
	return fd;
}

/*
 * A time by the clock that is ahead is the kernel's so much later: without this
 * what was set after a jump would come as late as the jump was long.
 */
int timerfd_settime(int fd, int flags, const struct itimerspec *to, struct itimerspec *old)
{
	struct itimerspec kernels = *to;

	if (flags & TFD_TIMER_ABSTIME && (to->it_value.tv_sec || to->it_value.tv_nsec) &&
	    fd < (int) (sizeof(timers) / sizeof(timers[0]))) {
		kernels.it_value.tv_sec -= ahead(timers[fd]);
		if (kernels.it_value.tv_sec < 0)
			kernels.it_value = (struct timespec) { .tv_nsec = 1 };
	}
	return (int) syscall(SYS_timerfd_settime, fd, flags, &kernels, old);
}
