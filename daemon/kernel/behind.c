/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "behind.h"
#include "sysfs.h"

/* "../../devices/pci0000:00/0000:00:04.0/net/eth0": is it one of the folders? */
static bool leads_through(int dir_fd, const char *name, const char *function)
{
	char link[PATH_MAX], folder[TRADDR_SIZE + 2];
	ssize_t n = readlinkat(dir_fd, name, link, sizeof(link) - 1);

	if (n < 0)
		return false;
	link[n] = '\0';
	(void) snprintf(folder, sizeof(folder), "/%s/", function);
	return strstr(link, folder) != NULL;
}

static bool is_port(int dir_fd, const char *host, const char *port_name)
{
	char attr[NAME_MAX + 16], text[64];

	(void) snprintf(attr, sizeof(attr), "%s/port_name", host);
	return sysfs_read(dir_fd, attr, text, sizeof(text)) > 0 &&
	       str_equal(text, port_name);
}

/* host_traddr is "nn-0x2000...:pn-0x1000..." */
static bool fc_leads_through(int root_fd, const struct controller *c,
			     const char *function)
{
	const char *port_name = strstr(c->host_traddr, "pn-");
	bool found = false;
	struct dirent *e;
	DIR *d;
	int fd;

	if (!port_name || !str_equal(c->transport, "fc"))
		return false;
	fd = sysfs_open_dir(root_fd, "class/fc_host");
	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (!found && (e = readdir(d)))
		found = e->d_name[0] != '.' &&
			is_port(dirfd(d), e->d_name, port_name + 3) &&
			leads_through(dirfd(d), e->d_name, function);
	closedir(d);
	return found;
}

bool controller_is_behind(int root_fd, const struct controller *c,
			  const char *function)
{
	char name[WORD_SIZE + NAME_SIZE + 16];

	if (str_equal(c->transport, "pcie") && str_equal(c->traddr, function))
		return true;
	(void) snprintf(name, sizeof(name), "class/nvme/%s", c->o.name);
	if (leads_through(root_fd, name, function))
		return true;
	(void) snprintf(name, sizeof(name), "class/net/%s", c->host_iface);
	if (c->host_iface[0] && leads_through(root_fd, name, function))
		return true;
	return fc_leads_through(root_fd, c, function);
}
