/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded into the daemon by tests, never installed: ends it with SIGKILL
 * right before its Nth deed. Deeds are what others could see of it after its
 * death: records written or removed, attributes and devices written, admin
 * commands. Where a test says so it is the kernel, too, behind a tree of files.
 *
 * NVMPATH_KILL_AT	file with N; read and removed at the start, so that the
 *			next daemon lives. Without it nobody is killed.
 * NVMPATH_KILL_LOG	file that gets a line a deed
 * NVMPATH_KILL_TREE	the tree that looks like sysfs; without it sysfs is real
 * NVMPATH_KILL_REFUSE	name of a path that this kernel does not hold: EBUSY
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *tree, *refused;
static int log_fd = -1;
static unsigned wanted;
static atomic_uint deeds;

static ssize_t (*real_write)(int fd, const void *data, size_t size);
static int (*real_rename)(const char *from, const char *to);
static int (*real_unlink)(const char *path);
static int (*real_ioctl)(int fd, unsigned long request, ...);
static int (*real_openat64)(int dir, const char *path, int flags, ...);

static unsigned read_wanted(const char *file)
{
	FILE *f = file ? fopen(file, "re") : NULL;
	unsigned n = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%u", &n) != 1)
		n = 0;
	fclose(f);
	real_unlink(file);
	return n;
}

#define FIND(f) *(void **) &real_##f = dlsym(RTLD_NEXT, #f)

__attribute__((constructor)) static void begin(void)
{
	const char *log = getenv("NVMPATH_KILL_LOG");

	FIND(write);
	FIND(rename);
	FIND(unlink);
	FIND(ioctl);
	FIND(openat64);
	tree = getenv("NVMPATH_KILL_TREE");
	refused = getenv("NVMPATH_KILL_REFUSE");
	if (log)
		log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	wanted = read_wanted(getenv("NVMPATH_KILL_AT"));
}

static void deed(const char *verb, const char *what, const char *text)
{
	unsigned n = atomic_fetch_add(&deeds, 1) + 1;
	char line[PATH_MAX + 64];
	int size;

	size = snprintf(line, sizeof(line), "%s%s %s %.20s\n",
			n == wanted ? "killed before " : "", verb, what, text);
	if (log_fd >= 0 && size > 0)
		(void) !real_write(log_fd, line, (size_t) size);
	if (n == wanted) {
		kill(getpid(), SIGKILL);
		pause();
	}
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
	char path[PATH_MAX], text[16];

	if (!real_write)
		FIND(write);
	/* tracefs is no deed: it ends with the daemon */
	if (!name_of(fd, path) || strstr(path, "/tracing/"))
		return real_write(fd, data, size);
	(void) snprintf(text, sizeof(text), "%.*s", (int) (size > 15 ? 15 : size),
			(const char *) data);
	deed("write", strrchr(path, '/') + 1, text);
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
	deed("rename", to, "");
	return real_rename(from, to);
}

int unlink(const char *path)
{
	if (!real_unlink)
		FIND(unlink);
	if (strstr(path, ".json"))
		deed("unlink", path, "");
	return real_unlink(path);
}

/* NVMe admin commands: 'N' 0x41. What only asks (Identify is 6) is no deed. */
int ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (!real_ioctl)
		FIND(ioctl);
	if (_IOC_TYPE(request) == 'N' && _IOC_NR(request) == 0x41 &&
	    *(const unsigned char *) arg != 6)
		deed("ioctl", "admin", "");
	return real_ioctl(fd, request, arg);
}
