/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a call is about: what polkit is told, and rules may go by. */
#ifndef NVMPATH_BUS_ABOUT_H
#define NVMPATH_BUS_ABOUT_H

#include <systemd/sd-bus.h>

#include "policy/job.h"

/* polkit is asked for each subsystem by itself: a rule may name one. */
struct about_part {
	char nqn[NQN_SIZE];
	char controllers[MESSAGE_SIZE];	/* names, with spaces between */
};

struct about {
	char target[TARGET_SIZE];	/* as it was asked for */
	char path[NAME_SIZE];		/* where it is one */
	struct about_part *parts;	/* none: nothing is known of it */
	size_t n_parts;
	uint64_t objects;		/* which they are: names may be others' by now */
};

/* A name, or KEY=VALUE; "" for nothing in particular. -ENOMEM. */
int about_target(const struct manager *m, const char *target, struct about *ret);

/* What it was begun with: that may be gone, and its names be others'. -ENOMEM. */
int about_removal(const struct job *j, struct about *ret);

void about_done(struct about *a);

/* The details of the question about a part, for CheckAuthorization. */
int about_append(const struct about *a, size_t part, const char *method,
		 sd_bus_message *ask);

#endif
