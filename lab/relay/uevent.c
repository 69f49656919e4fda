/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "relay.h"

int uevent_open(void)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    NETLINK_KOBJECT_UEVENT);
	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *) &a, sizeof(a)) < 0) {
		close(fd);
		return -errno;
	}
	return fd;
}

bool uevent_path(int fd, char ret[static 64])
{
	static const char key[] = "NVME_PATH=";
	char event[EVENT_SIZE + 1];
	ssize_t n;

	n = recv(fd, event, EVENT_SIZE, 0);
	if (n <= 0)
		return false;
	event[n] = '\0';
	for (const char *p = event; p < event + n; p += strlen(p) + 1)
		if (strncmp(p, key, sizeof(key) - 1) == 0) {
			(void) snprintf(ret, 64, "%s", p + sizeof(key) - 1);
			return true;
		}
	return false;
}
