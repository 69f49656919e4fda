/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections that holds are bound to. The bus tells when the name goes, and is
 * asked whether it is there still, in this order and without waiting: sd_bus_track
 * waits for the second answer. Unique names are never given out again by one bus,
 * but may be by the next: the bus' id is part of a lease.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "lease.h"
#include "policy/hold.h"
#include "policy/lease.h"

#define BUS_NAME	"org.freedesktop.DBus"
#define BUS_PATH	"/org/freedesktop/DBus"

struct client {
	struct bus *b;
	char lease[LEASE_SIZE];
	sd_bus_slot *match;
	sd_bus_slot *question;	/* whether it is there, not answered yet */
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
	sd_bus_slot_unref(c->match);
	sd_bus_slot_unref(c->question);
	free(c);
}

static void gone(struct client *c)
{
	struct manager *m = c->b->m;
	char lease[LEASE_SIZE];

	STR_COPY(lease, c->lease);
	forget(c);
	lease_client_gone(m, lease);
}

static int on_owner(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const char *name, *before, *after;

	(void) error;
	if (sd_bus_message_read(m, "sss", &name, &before, &after) >= 0 && !after[0])
		gone(userdata);
	return 0;
}

/* One that cannot be watched would hold for ever. */
static int on_watched(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const sd_bus_error *e = sd_bus_message_get_error(m);
	struct client *c = userdata;

	(void) error;
	if (!e)
		return 0;
	log_warning("%s cannot be watched, its holds end: %s", c->lease,
		    e->message ? e->message : e->name);
	gone(c);
	return 0;
}

static int ask(struct client *c);

static int on_there(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct client *c = userdata;
	int there = true, r;

	(void) error;
	c->question = sd_bus_slot_unref(c->question);
	/* A bus that is slow has lost nothing of what it was asked. */
	if (sd_bus_message_is_method_error(m, SD_BUS_ERROR_NO_REPLY))
		r = ask(c);
	else
		r = sd_bus_message_read(m, "b", &there);
	if (r < 0 || !there)
		gone(c);
	return 0;
}

static int ask(struct client *c)
{
	return sd_bus_call_method_async(c->b->bus, &c->question, BUS_NAME, BUS_PATH, BUS_NAME,
					"NameHasOwner", on_there, c, "s",
					strchr(c->lease, '/') + 1);
}

static int subscribe(struct client *c)
{
	char match[192 + LEASE_SIZE];

	(void) snprintf(match, sizeof(match),
			"type='signal',sender='" BUS_NAME "',path='" BUS_PATH "',"
			"interface='" BUS_NAME "',member='NameOwnerChanged',arg0='%s'",
			strchr(c->lease, '/') + 1);
	return sd_bus_add_match_async(c->b->bus, &c->match, match, on_owner, on_watched, c);
}

static int watch(struct bus *b, const char *lease)
{
	struct client *c;
	int r;

	if (find(b, lease))
		return 0;
	if (!strchr(lease, '/'))
		return -EINVAL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->b = b;
	STR_COPY(c->lease, lease);
	c->next = b->clients;
	b->clients = c;
	r = subscribe(c);
	if (r >= 0)
		r = ask(c);
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
