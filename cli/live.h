/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection that outlives the bus and the daemon: monitor and top. What is
 * lost and found again is said on standard error.
 */
#ifndef NVMPATH_CLI_LIVE_H
#define NVMPATH_CLI_LIVE_H

#include <stdbool.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include <nvmpath/words.h>

#include "args.h"

struct live {
	const struct args *args;
	/* The daemon is there (again). A negative errno ends everything. */
	int (*on_ready)(struct live *l, bool again);
	/* Said instead of on standard error, if set; text is NULL once all is well. */
	void (*on_trouble)(struct live *l, const char *text);
	void *userdata;
	sd_bus *bus;		/* NULL while there is none */
	sd_event *event;
	bool has_match;		/* on_ready's own; false again with each new bus */
	bool is_there;		/* the daemon */
	bool was_there;
	enum nvmpath_exit code;
};

/* Until live_end(), SIGINT or SIGTERM. */
enum nvmpath_exit live_run(struct live *l);
void live_end(struct live *l, enum nvmpath_exit code);

#endif
