/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/str.h"
#include "control.h"
#include "detach.h"
#include "helper.h"
#include "scan.h"
#include "sysfs.h"

#define LOOK_AGAIN_USEC		(10 * USEC_PER_MSEC)
/* The kernel rescans after the command by itself, in far less than this. */
#define RESCAN_AFTER_USEC	(500 * USEC_PER_MSEC)
/* What a helper that died had sent shows in this, or was not sent. */
#define AFTERMATH_USEC		USEC_PER_SEC

/* Whom to ask for a rescan that the kernel does not do by itself. */
struct rescan {
	const char *helper;
	const char *controller;	/* NULL: nobody, or it was asked */
};

bool controller_is_pci(const struct controller *c)
{
	return str_equal(c->transport, "pcie");
}

/*
 * The bus that a function sits on is the folder pci_bus/DDDD:BB beside it,
 * both for a root bus and behind a bridge (drivers/pci/probe.c).
 */
int pci_rescan_attr(int root_fd, const char *controller, char *ret, size_t size)
{
	char dev[NAME_SIZE + 32], link[PATH_MAX], *name;
	char attr[PATH_MAX + 64];
	ssize_t n;

	ret[0] = '\0';
	(void) snprintf(dev, sizeof(dev), "class/nvme/%s", controller);
	n = readlinkat(root_fd, dev, link, sizeof(link) - 1);
	if (n < 0)
		return -errno;
	link[n] = '\0';
	/* ../../devices/pci0000:00/0000:00:04.0/nvme/nvme0 */
	for (int up = 0; up < 2; up++) {
		name = strrchr(link, '/');
		if (!name)
			return -EINVAL;
		*name = '\0';
	}
	name = strrchr(link, '/');
	if (!name || strlen(name + 1) < 7)
		return -EINVAL;
	*name++ = '\0';
	(void) snprintf(attr, sizeof(attr), "class/nvme/%s/pci_bus/%.7s/rescan",
			link, name);
	return str_copy(ret, size, attr) < 0 ? -ENAMETOOLONG : 0;
}

typedef bool (*there_func_t)(int root_fd, const void *object);

static bool path_there(int root_fd, const void *object)
{
	return path_is_there(root_fd, object);
}

static bool controller_there(int root_fd, const void *object)
{
	return controller_is_there(root_fd, object);
}

static int wait_gone(int root_fd, there_func_t there, const void *object,
		     struct rescan rescan, uint64_t deadline_usec)
{
	uint64_t begin = now_monotonic_usec();

	while (there(root_fd, object)) {
		uint64_t now = now_monotonic_usec();

		if (now >= deadline_usec)
			return -ETIMEDOUT;
		if (rescan.controller && now - begin >= RESCAN_AFTER_USEC) {
			(void) helper_rescan(rescan.helper, root_fd, rescan.controller);
			rescan.controller = NULL;
		}
		sleep_usec(LOOK_AGAIN_USEC);
	}
	return 0;
}

static int still_there(int r, const char *name, char *detail)
{
	if (r == -ETIMEDOUT)
		(void) snprintf(detail, DETAIL_SIZE,
				"%s is still there after its detach", name);
	return r;
}

/* The helper may have sent it before it died, or may hang in it. */
static bool is_open(int r)
{
	return r == -ECONNRESET || r == -ETIMEDOUT;
}

int detach_path(const char *helper, int root_fd, const struct path *p,
		const struct controller *c, uint64_t deadline_usec, char *detail)
{
	struct rescan rescan = { helper, c->o.name };
	int r = helper_detach(helper, root_fd, c, p->nsid, detail);

	if (is_open(r))
		return wait_gone(root_fd, path_there, p, rescan,
				 now_monotonic_usec() + AFTERMATH_USEC) < 0 ? r : 0;
	if (r < 0)
		return r;
	r = wait_gone(root_fd, path_there, p, rescan, deadline_usec);
	return still_there(r, p->o.name, detail);
}

int detach_controller(int root_fd, const struct controller *c,
		      uint64_t deadline_usec, char *detail)
{
	const char *attr = controller_is_pci(c) ? "device/remove" :
						  "delete_controller";
	int r;

	if (!controller_is_there(root_fd, c))
		return -ENODEV;
	/* Where it goes by itself from here on it is gone all the same. */
	r = controller_write(root_fd, c, attr, "1");
	if (r < 0 && controller_is_there(root_fd, c)) {
		(void) snprintf(detail, DETAIL_SIZE, "writing %s of %s: %s",
				attr, c->o.name, strerror(-r));
		return r;
	}
	r = wait_gone(root_fd, controller_there, c, (struct rescan) {}, deadline_usec);
	return still_there(r, c->o.name, detail);
}

/* Is there a path to this namespace below the controller? */
static bool nsid_there(int root_fd, const char *controller, uint32_t nsid)
{
	char dir[NAME_SIZE + 16], attr[NAME_SIZE + 8];
	bool found = false;
	struct dirent *e;
	DIR *d;
	int fd;

	(void) snprintf(dir, sizeof(dir), "class/nvme/%s", controller);
	fd = sysfs_open_dir(root_fd, dir);
	if (fd < 0)
		return false;
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return false;
	}
	while (!found && (e = readdir(d))) {
		if (!scan_is_path_name(e->d_name, NULL))
			continue;
		(void) snprintf(attr, sizeof(attr), "%.31s/nsid", e->d_name);
		found = sysfs_read_number(fd, attr) == (int64_t) nsid;
	}
	closedir(d);
	return found;
}

int restore_path(const char *helper, int root_fd, const struct controller *c,
		 uint32_t nsid, uint64_t deadline_usec, char *detail)
{
	uint64_t begin = now_monotonic_usec();
	bool rescanned = false;
	int r;

	r = helper_attach(helper, root_fd, c, nsid, detail);
	if (r < 0)
		return r;
	while (!nsid_there(root_fd, c->o.name, nsid)) {
		uint64_t now = now_monotonic_usec();

		if (now >= deadline_usec) {
			(void) snprintf(detail, DETAIL_SIZE,
					"%s shows no path to namespace %u after attaching it",
					c->o.name, nsid);
			return -ETIMEDOUT;
		}
		if (!rescanned && now - begin >= RESCAN_AFTER_USEC) {
			(void) helper_rescan(helper, root_fd, c->o.name);
			rescanned = true;
		}
		sleep_usec(LOOK_AGAIN_USEC);
	}
	return 0;
}

int restore_pci(int root_fd, const char *attr, char *detail)
{
	int r = attr[0] ? sysfs_write(root_fd, attr, "1") : -ENOENT;

	if (r < 0)
		r = sysfs_write(root_fd, "bus/pci/rescan", "1");
	if (r < 0)
		(void) snprintf(detail, DETAIL_SIZE, "rescanning the PCI bus: %s",
				strerror(-r));
	return r;
}
