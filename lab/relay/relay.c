/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <poll.h>
#include <stdio.h>

#include "relay.h"

static int tell(sd_bus *bus, const char *path)
{
	char object[128];
	int r;

	(void) snprintf(object, sizeof(object), RELAY_PATH "%s", path);
	r = sd_bus_emit_signal(bus, object, RELAY_INTERFACE, "Told", "s", path);
	return r < 0 ? r : sd_bus_flush(bus);
}

int relay(sd_bus *bus)
{
	struct pollfd p = { .fd = uevent_open(), .events = POLLIN };
	char path[64];
	int r = 0;

	if (p.fd < 0)
		return p.fd;
	while (r >= 0) {
		if (poll(&p, 1, -1) < 0)
			return -errno;
		if (uevent_path(p.fd, path))
			r = tell(bus, path);
	}
	return r;
}
