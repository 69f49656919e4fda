/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the configuration says (nvmpathd.conf(5)): keys, values, defaults. */
#ifndef NVMPATH_CORE_SETTINGS_H
#define NVMPATH_CORE_SETTINGS_H

#include "impact.h"
#include "loss.h"
#include "model.h"

#define SETTINGS_SUBSYSTEMS_MAX 64
#define SETTINGS_MESSAGE_SIZE 256

/* A section [Subsystem PATTERN]; what it does not say is as for all. */
struct subsystem_settings {
	char pattern[NQN_SIZE];
	bool has_min_usable;
	bool has_min_ports;
	struct floor floor;
	struct loss loss;
};

struct settings {
	uint64_t poll_interval_usec;
	uint64_t history_size;		/* events */
	char log_level[16];
	uint64_t drain_timeout_usec;
	uint64_t hook_timeout_usec;	/* of all that run at once */
	struct floor floor;
	struct subsystem_settings *subsystems;
	size_t n_subsystems;
	bool keeps;			/* some section sets kernel attributes */
};

/* The defaults. */
void settings_init(struct settings *s);
void settings_done(struct settings *s);

/*
 * -ENOENT: no such section or key; -EINVAL, -ERANGE: not such a value; -E2BIG:
 * too many sections. @message then says what would be right.
 */
int settings_set(struct settings *s, const char *section, const char *key,
		 const char *value, char message[SETTINGS_MESSAGE_SIZE]);

/*
 * For the subsystem of that NQN: each key by the longest of the patterns that
 * fit and say it; of the floor, else [Removal].
 */
struct floor settings_floor(const struct settings *s, const char *nqn);
struct loss settings_loss(const struct settings *s, const char *nqn);

#endif
