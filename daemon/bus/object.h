/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of this floor share. There are no D-Bus objects to keep in
 * step with the manager's: each interface is one fallback vtable whose find
 * function looks the name up in the manager, now.
 */
#ifndef NVMPATH_BUS_OBJECT_H
#define NVMPATH_BUS_OBJECT_H

#include <nvmpath/dbus.h>

#include "bus.h"
#include "policy/job.h"

#define CHANGED_MAX 24		/* properties of one object at a time */

/* Properties of one object that changed and that were not told yet. */
struct changed {
	enum object_kind kind;	/* _OBJECT_KIND_MAX: the manager itself */
	char name[NAME_SIZE];
	const char *properties[CHANGED_MAX + 1];
	size_t n;
};

#define BULK_OLD_MAX 16

struct auth;
struct inhibit;

struct enumerator {
	struct bus *b;
	enum object_kind kind;
};

struct bus {
	struct enumerator enumerators[_OBJECT_KIND_MAX];
	sd_bus *bus;
	struct manager *m;
	sd_event_source *flush;
	sd_event_source *flush_again;	/* the bus was behind */
	uint64_t events_not_told;	/* since it is */
	struct changed *changed;
	size_t n_changed;
	size_t changed_room;
	struct index changed_index;	/* by kind and name */
	struct client *clients;		/* that holds are bound to (lease.c) */
	uint32_t told_features;
	const char *told_protection;
	int bulk_fd;			/* all objects as a file; -1: not made yet (bulk.c) */
	int bulk_old[BULK_OLD_MAX];	/* of before, that somebody has */
	size_t n_bulk_old;
	struct inhibit *inhibit;
	struct auth **auths;		/* calls that wait for who makes them, or polkit */
	size_t n_auths;
	struct auth *again;		/* the one that is being made again */
};

extern const sd_bus_vtable manager_vtable[];
extern const sd_bus_vtable subsystem_vtable[];
extern const sd_bus_vtable controller_vtable[];
extern const sd_bus_vtable namespace_vtable[];
extern const sd_bus_vtable path_vtable[];
extern const sd_bus_vtable removal_vtable[];

/* The struct bus behind a property or method that is being served. */
struct bus *bus_of(sd_bus *bus);

const char *object_prefix(enum object_kind kind);
const char *object_interface(enum object_kind kind);

/*
 * The manager's object of that kind and name, as the vtables take it; NULL
 * where there is none.
 */
void *object_lookup(const struct bus *b, enum object_kind kind, const char *name);

/* An object's path; "/" where @name is "" or nothing of that name is there. */
int object_append(const struct bus *b, sd_bus_message *reply,
		  enum object_kind kind, const char *name);

/* Getters for members of the object, by offset. */
#define DECLARE_GETTER(name)						\
	int name(sd_bus *bus, const char *path, const char *interface,	\
		 const char *property, sd_bus_message *reply,		\
		 void *userdata, sd_bus_error *error)
DECLARE_GETTER(get_text);
DECLARE_GETTER(get_u32);
DECLARE_GETTER(get_u64);
DECLARE_GETTER(get_s64);
DECLARE_GETTER(get_bool);

/* Notes that a property is new; told when the loop comes to rest. */
void changed_note(struct bus *b, enum object_kind kind, const char *name,
		  const char *property);
/* Whether @max messages or more wait to be sent. */
bool bus_is_behind(const struct bus *b, uint64_t max);
int changed_init(struct bus *b);
void changed_done(struct bus *b);

/* Signal Event and method History (history-object.c). */
void event_emit(void *userdata, const struct event *e);
/* Logs, once the bus has caught up, how many events it was not told. */
void event_say_not_told(struct bus *b);
int on_history(sd_bus_message *m, void *userdata, sd_bus_error *error);

/* The listener of the manager (listen.c). */
extern const struct manager_listener bus_listener;

/*
 * Fills @error with the name that belongs to the errno (NVMPATH_BUS_ERRORS)
 * and returns it negative, as a method handler does.
 */
int bus_error(sd_bus_error *error, int r, const char *message);

/*
 * The four verbs, on the target that the object or the call itself names
 * (target.c): what follows it in the message is read here.
 */
int verb_hold(sd_bus_message *m, const char *target, sd_bus_error *error);
int verb_release(sd_bus_message *m, const char *target, sd_bus_error *error);
int verb_removal(sd_bus_message *m, enum removal_kind removal,
		 const char *target, sd_bus_error *error);

/* A line that people wrote: -EINVAL where it is too long or has controls. */
int verb_check_reason(const char *reason, sd_bus_error *error);

/*
 * Reads the flags that every mutating method ends with; those outside
 * @known are refused.
 */
int verb_flags(sd_bus_message *m, uint64_t known, uint64_t *ret,
	       sd_bus_error *error);

/* Answers a Hold or Release when the last path's write is through. */
void verb_hold_done(void *userdata, int result, const char *message);
int verb_reply_removal(sd_bus_message *m, const struct job *j);

#endif
