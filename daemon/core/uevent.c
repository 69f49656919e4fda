/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "hint.h"

/* What of a message matters; borrowed from it. */
struct uevent {
	const char *action;
	const char *devpath;
	const char *subsystem;
	const char *event;
	const char *path;
	const char *ana_group;
	bool has_seq;
};

static void take(struct uevent *u, const char *pair)
{
	const struct {
		const char *key;
		const char **dst;
	} keys[] = {
		{ "ACTION=", &u->action },
		{ "DEVPATH=", &u->devpath },
		{ "SUBSYSTEM=", &u->subsystem },
		{ "NVME_EVENT=", &u->event },
		{ "NVME_PATH=", &u->path },
		{ "NVME_ANA_GRPID=", &u->ana_group },
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (str_has_prefix(pair, keys[i].key))
			*keys[i].dst = pair + strlen(keys[i].key);
	if (str_has_prefix(pair, "NVME_SEQ="))
		u->has_seq = true;
}

/* Only what a NUL ends: the rest was cut off. */
static void parse(const char *data, size_t size, struct uevent *u)
{
	*u = (struct uevent) { "", "", "", "", "", "", false };
	while (size) {
		const char *end = memchr(data, '\0', size);

		if (!end)
			return;
		take(u, data);
		size -= (size_t) (end - data) + 1;
		data = end + 1;
	}
}

static const char *last_part(const char *devpath)
{
	const char *slash = strrchr(devpath, '/');

	return slash ? slash + 1 : devpath;
}

static void look_at(struct hint *h, enum hint_kind kind, const char *name)
{
	h->kind = kind;
	if (str_copy(h->name, sizeof(h->name), name) <= 0) {
		h->kind = HINT_ALL;
		h->name[0] = '\0';
	}
}

/* 0 where there is none, or it cannot be: then all paths are looked at. */
static uint32_t group_of(const struct uevent *u)
{
	uint64_t group;

	return str_to_u64(u->ana_group, &group) >= 0 && group <= UINT32_MAX ?
		(uint32_t) group : 0;
}

/* A change of the controller device that the driver itself sent. */
static void controller_hint(const struct uevent *u, struct hint *h)
{
	const char *name = last_part(u->devpath);

	if (str_equal(u->event, "path_state"))
		look_at(h, HINT_PATH, u->path);
	else if (str_equal(u->event, "ana") || str_equal(u->event, "ctrl_state"))
		look_at(h, HINT_CONTROLLER, name);
	else
		h->kind = HINT_ALL;
	if (h->kind == HINT_CONTROLLER && str_equal(u->event, "ana"))
		h->ana_group = group_of(u);
	h->tells_all = u->has_seq;
}

void uevent_hint(const char *data, size_t size, struct hint *ret)
{
	struct uevent u;

	*ret = (struct hint) { .kind = HINT_NONE };
	parse(data, size, &u);
	if (str_equal(u.subsystem, "nvme")) {
		if (str_equal(u.action, "change"))
			controller_hint(&u, ret);
		else
			ret->kind = HINT_ALL;
	} else if (str_equal(u.subsystem, "nvme-subsystem") ||
		   (str_equal(u.subsystem, "block") &&
		    str_has_prefix(last_part(u.devpath), "nvme"))) {
		ret->kind = HINT_ALL;
	}
}

/*
 * Type 2 is a notice (NVMe Base Specification, Asynchronous Event Request):
 * 0 namespace attributes, 3 ANA. The others change nothing that we show.
 */
void async_event_hint(int32_t ctrl_id, uint32_t result, struct hint *ret)
{
	uint32_t type = result & 7, info = (result >> 8) & 0xff;

	*ret = (struct hint) { .kind = HINT_NONE };
	if (type != 2 || ctrl_id < 0)
		return;
	if (info == 3) {
		ret->kind = HINT_CONTROLLER;
		(void) snprintf(ret->name, sizeof(ret->name), "nvme%" PRId32, ctrl_id);
	} else if (info == 0) {
		ret->kind = HINT_ALL;
	}
	ret->early = ret->kind != HINT_NONE;
}

static int trace_line(const char *text, struct hint *ret)
{
	const char *tab = strchr(text, '\t');
	char number[16];
	uint64_t ctrl, result;

	if (!tab || (size_t) (tab - text) >= sizeof(number))
		return -EINVAL;
	memcpy(number, text, (size_t) (tab - text));
	number[tab - text] = '\0';
	if (str_to_u64(number, &ctrl) < 0 || ctrl > INT32_MAX ||
	    str_to_u64(tab + 1, &result) < 0 || result > UINT32_MAX)
		return -EINVAL;
	async_event_hint((int32_t) ctrl, (uint32_t) result, ret);
	return 0;
}

static void uevent_line(const char *text, struct hint *ret)
{
	char data[2048];
	size_t n = strlen(text);

	if (n >= sizeof(data))
		n = sizeof(data) - 1;
	for (size_t i = 0; i < n; i++)
		data[i] = text[i] == '\t' ? '\0' : text[i];
	data[n] = '\0';
	uevent_hint(data, n + 1, ret);
}

int recording_hint(const char *line, struct hint *ret)
{
	*ret = (struct hint) { .kind = HINT_NONE };
	if (!line[0] || line[0] == '#')
		return 0;
	if (str_has_prefix(line, "uevent\t"))
		uevent_line(line + strlen("uevent\t"), ret);
	else if (str_has_prefix(line, "trace\t"))
		return trace_line(line + strlen("trace\t"), ret);
	else if (str_equal(line, "overrun"))
		ret->kind = HINT_ALL;
	else
		return -EINVAL;
	return 0;
}
