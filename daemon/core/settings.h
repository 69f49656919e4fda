/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the configuration says (nvmpathd.conf(5)): keys, values, defaults. */
#ifndef NVMPATH_CORE_SETTINGS_H
#define NVMPATH_CORE_SETTINGS_H

#include "impact.h"
#include "model.h"

#define SETTINGS_SUBSYSTEMS_MAX 64
#define SETTINGS_MESSAGE_SIZE 256

/* A section [Subsystem PATTERN]; what it does not say is as for all. */
struct subsystem_settings {
	char pattern[NQN_SIZE];
	bool has_min_usable;
	bool has_min_ports;
	struct floor floor;
};

struct settings {
	uint64_t poll_interval_usec;
	uint64_t history_size;		/* events */
	char log_level[16];
	uint64_t drain_timeout_usec;
	struct floor floor;
	struct subsystem_settings *subsystems;
	size_t n_subsystems;
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

/* When all is set: what a section does not say is filled in from [Removal]. */
void settings_finish(struct settings *s);

/*
 * For the subsystem of that NQN: what the longest of the patterns that fit says,
 * else [Removal]. Borrowed.
 */
const struct floor *settings_floor(const struct settings *s, const char *nqn);

#endif
