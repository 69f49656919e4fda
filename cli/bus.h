/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Talking to nvmpathd. Every function that returns an exit code has said on
 * stderr what went wrong, in one line that names the object and the remedy.
 */
#ifndef NVMPATH_CLI_BUS_H
#define NVMPATH_CLI_BUS_H

#include <systemd/sd-bus.h>

#include <nvmpath/words.h>

#include "args.h"
#include "model.h"

/* A call may wait for an identify on a slow controller. */
#define BUS_CALL_TIMEOUT_USEC (60 * 1000 * 1000ULL)

/* The bus that the arguments name: --bus=, that of the first -H, or the system's. */
enum nvmpath_exit bus_open(const struct args *args, sd_bus **ret);
/* The same without a word: a negative errno. */
int bus_try_open(const struct args *args, sd_bus **ret);

/* One GetManagedObjects; with_manager asks for the manager's properties in
 * the same breath.
 */
enum nvmpath_exit bus_read_model(sd_bus *bus, bool with_manager, struct model *ret);

/*
 * The same for who needs no number that the daemon reads from the kernel when
 * asked (in flight, failovers, ...; docs/DBUS.md): those stay unknown. As a
 * file where the daemon is on this machine and has it, ten times as fast with
 * thousands of paths.
 */
enum nvmpath_exit bus_read_topology(sd_bus *bus, bool with_manager, struct model *ret);

/*
 * Calls a method and maps what goes wrong. what names the act in an error
 * line ("hold nvme3"). ret may be NULL.
 */
enum nvmpath_exit bus_call(sd_bus *bus, sd_bus_message *call, const char *what,
			   sd_bus_message **ret);

/* A method of an object of ours. Never starts the daemon. */
int bus_new_call(sd_bus *bus, const struct object *o, const char *member,
		 sd_bus_message **ret);

/* A method of the manager. Never starts the daemon. */
int bus_new_manager_call(sd_bus *bus, const char *member, sd_bus_message **ret);

/* Reads all properties of one object. 0 or a negative errno, nothing is said. */
int bus_refresh(sd_bus *bus, struct object *o);

/*
 * Asks for the same and returns; answer gets the reply, in the order in which it and
 * the signals came: parse_properties() reads it. *ret_slot is the caller's.
 */
int bus_ask(sd_bus *bus, const struct object *o, sd_bus_message_handler_t answer,
	    void *userdata, sd_bus_slot **ret_slot);

/* Says the error of a call and gives the exit code. */
enum nvmpath_exit bus_fail(const char *what, const sd_bus_error *error, int r);

/* Pure: the exit code for an error's name. */
enum nvmpath_exit exit_from_error_name(const char *name);
/* Pure: the exit code for a removal's errno, of either sign. */
enum nvmpath_exit exit_from_errno(int error);

#endif
