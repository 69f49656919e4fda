/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * nvmpath-relay tell: a bare relay, the least that can stand between a kernel's event of a
 * path and a signal on the bus.
 * nvmpath-relay measure RULE PATH FILE COUNT: how long such a signal takes, of the relay or
 * of the daemon, by what the match RULE takes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relay.h"

int main(int argc, char *argv[])
{
	sd_bus *bus = NULL;
	int r;

	r = sd_bus_open_system(&bus);
	if (r < 0)
		;
	else if (argc == 2 && strcmp(argv[1], "tell") == 0)
		r = relay(bus);
	else if (argc == 6 && strcmp(argv[1], "measure") == 0 && atoi(argv[5]) > 0)
		r = measure(bus, argv[2], argv[3], argv[4], (size_t) atoi(argv[5]));
	else
		r = -EINVAL;
	if (r < 0)
		fprintf(stderr, "nvmpath-relay: %s\n", strerror(-r));
	sd_bus_flush_close_unref(bus);
	return r < 0;
}
