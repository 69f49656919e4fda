/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What else the bus says of a host: who we are there, what polkit allows us, udev. */
#include "doctor.h"

#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "util.h"

#define BUS "org.freedesktop.DBus"
#define POLKIT "org.freedesktop.PolicyKit1"
#define SYSTEMD "org.freedesktop.systemd1"
#define UDEV_UNIT "systemd-udevd.service"

#define _cleanup_message_ __attribute__((cleanup(sd_bus_message_unrefp)))

static int64_t ask_uid(sd_bus *bus)
{
	_cleanup_message_ sd_bus_message *reply = NULL;
	const char *me;
	uint32_t uid;

	if (sd_bus_get_unique_name(bus, &me) < 0 ||
	    sd_bus_call_method(bus, BUS, "/org/freedesktop/DBus", BUS, "GetConnectionUnixUser",
			       NULL, &reply, "s", me) < 0 ||
	    sd_bus_message_read_basic(reply, 'u', &uid) < 0)
		return -1;
	return uid;
}

static int has_owner(sd_bus *bus, const char *name)
{
	_cleanup_message_ sd_bus_message *reply = NULL;
	int there;

	if (sd_bus_call_method(bus, BUS, "/org/freedesktop/DBus", BUS, "NameHasOwner", NULL,
			       &reply, "s", name) < 0 ||
	    sd_bus_message_read_basic(reply, 'b', &there) < 0)
		return 0;
	return there;
}

/* Everybody may ask polkit about himself; with these flags it asks nobody for a password. */
static enum doctor_right ask_right(sd_bus *bus, const char *action)
{
	_cleanup_message_ sd_bus_message *reply = NULL;
	int yes, challenge;
	const char *me;

	if (sd_bus_get_unique_name(bus, &me) < 0 ||
	    sd_bus_call_method(bus, POLKIT, "/org/freedesktop/PolicyKit1/Authority",
			       POLKIT ".Authority", "CheckAuthorization", NULL, &reply,
			       "(sa{sv})sa{ss}us", "system-bus-name", 1, "name", "s", me, action,
			       0, 0, "") < 0 ||
	    sd_bus_message_enter_container(reply, 'r', "bba{ss}") < 0 ||
	    sd_bus_message_read(reply, "bb", &yes, &challenge) < 0)
		return RIGHT_UNKNOWN;
	return yes ? RIGHT_YES : challenge ? RIGHT_ASKS : RIGHT_NO;
}

static void ask_udev(sd_bus *bus, char *state, size_t size)
{
	_cleanup_free_ char *path = NULL, *text = NULL;

	if (!has_owner(bus, SYSTEMD) ||
	    sd_bus_path_encode("/org/freedesktop/systemd1/unit", UDEV_UNIT, &path) < 0 ||
	    sd_bus_get_property_string(bus, SYSTEMD, path, SYSTEMD ".Unit", "ActiveState", NULL,
				       &text) < 0)
		return;
	(void) snprintf(state, size, "%s", text);
}

void doctor_ask_host(sd_bus *bus, struct doctor_host *ret)
{
	*ret = (struct doctor_host) { .uid = ask_uid(bus) };
	for (int a = 0; a < _DOCTOR_ACTION_MAX && ret->uid; a++) {
		char action[64];

		(void) snprintf(action, sizeof(action), NVMPATH_BUS_NAME ".%s",
				doctor_action_to_string((enum doctor_action) a));
		ret->rights[a] = ask_right(bus, action);
	}
	ask_udev(bus, ret->udev, sizeof(ret->udev));
}
