/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include <nvmpath/dbus.h>

#include "base/clock.h"
#include "base/str.h"
#include "settings.h"

#define SUBSYSTEM "Subsystem "

void settings_init(struct settings *s)
{
	*s = (struct settings) {
		.poll_interval_usec = USEC_PER_SEC,
		.history_size = 256,
		.hook_timeout_usec = 10 * USEC_PER_SEC,
		.drain_timeout_usec = NVMPATH_DRAIN_TIMEOUT_DEFAULT_USEC,
	};
}

void settings_done(struct settings *s)
{
	free(s->subsystems);
	s->subsystems = NULL;
	s->n_subsystems = 0;
}

static int say(char message[SETTINGS_MESSAGE_SIZE], int r, const char *text)
{
	(void) str_copy(message, SETTINGS_MESSAGE_SIZE, text);
	return r;
}

/* Whole numbers and time spans between two ends. */
struct range {
	uint64_t min, max;
	const char *words;
};

static int set_span(uint64_t *dst, const char *value, const struct range *range,
		    char message[SETTINGS_MESSAGE_SIZE])
{
	uint64_t v;

	if (str_to_usec(value, &v) < 0 || v < range->min || v > range->max)
		return say(message, -EINVAL, range->words);
	*dst = v;
	return 0;
}

static int set_number(uint64_t *dst, const char *value, const struct range *range,
		      char message[SETTINGS_MESSAGE_SIZE])
{
	uint64_t v;

	if (str_to_u64(value, &v) < 0 || v < range->min || v > range->max)
		return say(message, -EINVAL, range->words);
	*dst = v;
	return 0;
}

static const struct range poll_range = {
	10 * USEC_PER_MSEC, 3600 * USEC_PER_SEC, "takes a time from 10ms to 1h",
};
static const struct range drain_range = {
	10 * USEC_PER_MSEC, 24 * 3600 * USEC_PER_SEC, "takes a time from 10ms to 24h",
};
static const struct range hook_range = {
	10 * USEC_PER_MSEC, 600 * USEC_PER_SEC, "takes a time from 10ms to 10min",
};
static const struct range history_range = {
	0, 10000, "takes a number of events from 0 to 10000",
};
static const struct range paths_range = {
	0, 1024, "takes a number from 0 to 1024",
};

static int set_small(uint32_t *dst, const char *value,
		     char message[SETTINGS_MESSAGE_SIZE])
{
	uint64_t v;
	int r = set_number(&v, value, &paths_range, message);

	if (r >= 0)
		*dst = (uint32_t) v;
	return r;
}

static int set_level(struct settings *s, const char *value,
		     char message[SETTINGS_MESSAGE_SIZE])
{
	static const char *const levels[] = { "err", "warning", "notice", "info", "debug" };

	for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
		if (str_equal(value, levels[i])) {
			STR_COPY(s->log_level, value);
			return 0;
		}
	return say(message, -EINVAL, "takes err, warning, notice, info or debug");
}

static int set_daemon(struct settings *s, const char *key, const char *value,
		      char message[SETTINGS_MESSAGE_SIZE])
{
	if (str_equal(key, "PollInterval"))
		return set_span(&s->poll_interval_usec, value, &poll_range, message);
	if (str_equal(key, "HistorySize"))
		return set_number(&s->history_size, value, &history_range, message);
	if (str_equal(key, "LogLevel"))
		return set_level(s, value, message);
	return say(message, -ENOENT, "[Daemon] knows PollInterval, HistorySize and LogLevel");
}

static int set_removal(struct settings *s, const char *key, const char *value,
		       char message[SETTINGS_MESSAGE_SIZE])
{
	if (str_equal(key, "DrainTimeout"))
		return set_span(&s->drain_timeout_usec, value, &drain_range, message);
	if (str_equal(key, "HookTimeout"))
		return set_span(&s->hook_timeout_usec, value, &hook_range, message);
	if (str_equal(key, "MinUsable"))
		return set_small(&s->floor.min_usable, value, message);
	if (str_equal(key, "MinPorts"))
		return set_small(&s->floor.min_ports, value, message);
	return say(message, -ENOENT, "[Removal] knows DrainTimeout, HookTimeout, MinUsable and MinPorts");
}

static int find_subsystem(struct settings *s, const char *pattern,
			  struct subsystem_settings **ret,
			  char message[SETTINGS_MESSAGE_SIZE])
{
	struct subsystem_settings *grown;

	for (size_t i = 0; i < s->n_subsystems; i++)
		if (str_equal(s->subsystems[i].pattern, pattern)) {
			*ret = &s->subsystems[i];
			return 0;
		}
	if (!*pattern || strlen(pattern) >= NQN_SIZE)
		return say(message, -EINVAL, "[Subsystem PATTERN] takes an NQN, in which * and ? may stand");
	if (s->n_subsystems == SETTINGS_SUBSYSTEMS_MAX)
		return say(message, -E2BIG, "64 sections of that kind are enough");
	grown = realloc(s->subsystems, (s->n_subsystems + 1) * sizeof(*grown));
	if (!grown)
		return say(message, -ENOMEM, "out of memory");
	s->subsystems = grown;
	*ret = &s->subsystems[s->n_subsystems++];
	memset(*ret, 0, sizeof(**ret));
	STR_COPY((*ret)->pattern, pattern);
	return 0;
}

static int set_subsystem(struct settings *all, struct subsystem_settings *s,
			 const char *key, const char *value,
			 char message[SETTINGS_MESSAGE_SIZE])
{
	const char *what = "";
	int r;

	if (str_equal(key, "MinUsable")) {
		s->has_min_usable = true;
		return set_small(&s->floor.min_usable, value, message);
	}
	if (str_equal(key, "MinPorts")) {
		s->has_min_ports = true;
		return set_small(&s->floor.min_ports, value, message);
	}
	r = loss_configure(&s->loss, key, value, &what);
	all->keeps |= r >= 0;
	if (r == -ENOENT)
		what = "[Subsystem ...] knows MinUsable, MinPorts, IOPolicy, CtrlLossTmo, FastIoFailTmo, ReconnectDelay and DelayedRemoval";
	return r < 0 ? say(message, r, what) : 0;
}

int settings_set(struct settings *s, const char *section, const char *key,
		 const char *value, char message[SETTINGS_MESSAGE_SIZE])
{
	struct subsystem_settings *subsystem;
	int r;

	if (str_equal(section, "Daemon"))
		return set_daemon(s, key, value, message);
	if (str_equal(section, "Removal"))
		return set_removal(s, key, value, message);
	if (!str_has_prefix(section, SUBSYSTEM))
		return say(message, -ENOENT,
			   "there are [Daemon], [Removal] and [Subsystem PATTERN]");
	r = find_subsystem(s, section + strlen(SUBSYSTEM), &subsystem, message);
	return r < 0 ? r : set_subsystem(s, subsystem, key, value, message);
}

/* The one that speaks for @nqn after @than, by the length of its pattern. */
static const struct subsystem_settings *next_shorter(const struct settings *s,
						     const char *nqn,
						     const struct subsystem_settings *than)
{
	size_t limit = than ? strlen(than->pattern) : NQN_SIZE;
	const struct subsystem_settings *found = NULL;

	for (size_t i = 0; i < s->n_subsystems; i++) {
		const struct subsystem_settings *v = &s->subsystems[i];
		size_t n = strlen(v->pattern);

		if ((n < limit || (n == limit && v > than)) &&
		    str_glob(v->pattern, nqn) &&
		    (!found || n > strlen(found->pattern)))
			found = v;
	}
	return found;
}

struct floor settings_floor(const struct settings *s, const char *nqn)
{
	const struct subsystem_settings *v = NULL;
	bool has_usable = false, has_ports = false;
	struct floor f = s->floor;

	while ((v = next_shorter(s, nqn, v))) {
		if (v->has_min_usable && !has_usable)
			f.min_usable = v->floor.min_usable;
		if (v->has_min_ports && !has_ports)
			f.min_ports = v->floor.min_ports;
		has_usable |= v->has_min_usable;
		has_ports |= v->has_min_ports;
	}
	return f;
}

struct loss settings_loss(const struct settings *s, const char *nqn)
{
	const struct subsystem_settings *v = NULL;
	struct loss l = {};

	while ((v = next_shorter(s, nqn, v))) {
		struct loss longer = l;

		l = v->loss;
		loss_merge(&l, &longer);
	}
	return l;
}
