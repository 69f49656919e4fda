/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections that holds are bound to. One is watched by a track of its own,
 * which the bus ends when the name goes. Unique names are never given out
 * again by one bus, but may be by the next: the bus' id is part of a lease.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "lease.h"
#include "policy/hold.h"
#include "policy/lease.h"

struct client {
	struct bus *b;
	char lease[LEASE_SIZE];
	sd_bus_track *track;
	struct client *next;
};

static struct client *find(const struct bus *b, const char *lease)
{
	struct client *c = b->clients;

	while (c && !str_equal(c->lease, lease))
		c = c->next;
	return c;
}

static void forget(struct client *c)
{
	struct client **p = &c->b->clients;

	while (*p != c)
		p = &(*p)->next;
	*p = c->next;
	sd_bus_track_unref(c->track);
	free(c);
}

static int on_gone(sd_bus_track *track, void *userdata)
{
	struct client *c = userdata;
	struct manager *m = c->b->m;
	char lease[LEASE_SIZE];

	(void) track;
	STR_COPY(lease, c->lease);
	forget(c);
	lease_client_gone(m, lease);
	return 1;	/* 0 would ask to be called again */
}

static int watch(struct bus *b, const char *lease)
{
	const char *name = strchr(lease, '/');
	struct client *c;
	int r;

	if (find(b, lease))
		return 0;
	if (!name)
		return -EINVAL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->b = b;
	STR_COPY(c->lease, lease);
	c->next = b->clients;
	b->clients = c;
	r = sd_bus_track_new(b->bus, &c->track, on_gone, c);
	if (r >= 0)
		r = sd_bus_track_add_name(c->track, name + 1);
	if (r < 0)
		forget(c);
	return r < 0 ? r : 0;
}

static int bus_prefix(const struct bus *b, char ret[LEASE_SIZE])
{
	char id[SD_ID128_STRING_MAX];
	sd_id128_t bus_id;
	int r = sd_bus_get_bus_id(b->bus, &bus_id);

	if (r < 0)
		return r;
	(void) snprintf(ret, LEASE_SIZE, "%s/", sd_id128_to_string(bus_id, id));
	return 0;
}

int lease_of(struct bus *b, sd_bus_message *m, char ret[LEASE_SIZE])
{
	const char *sender = sd_bus_message_get_sender(m);
	int r = bus_prefix(b, ret);

	if (r < 0)
		return r;
	if (!sender || strlen(ret) + strlen(sender) >= LEASE_SIZE)
		return -ENXIO;
	str_append(ret, LEASE_SIZE, "%s", sender);
	return watch(b, ret);
}

void leases_resume(struct bus *b)
{
	char prefix[LEASE_SIZE] = "";

	(void) bus_prefix(b, prefix);
	for (size_t i = 0; i < b->m->n_holds; i++) {
		char lease[LEASE_SIZE];

		STR_COPY(lease, b->m->holds[i]->lease);
		if (lease[0] && (!prefix[0] || !str_has_prefix(lease, prefix) || watch(b, lease) < 0))
			lease_client_gone(b->m, lease);
	}
}

void leases_done(struct bus *b)
{
	while (b->clients)
		forget(b->clients);
}
