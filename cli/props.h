/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The properties of each kind of object: one table that parsing, JSON and
 * clean-up are driven by.
 */
#ifndef NVMPATH_CLI_PROPS_H
#define NVMPATH_CLI_PROPS_H

#include <stddef.h>
#include <systemd/sd-bus.h>

#include "model.h"

/* How a property travels and where it lands. */
enum prop_type {
	PROP_TEXT,		/* s -> char * */
	PROP_TEXTS,		/* as -> char ** */
	PROP_NAME,		/* o -> char *, the name of the object */
	PROP_NAMES,		/* ao -> char **, the names of the objects */
	PROP_BOOL,		/* b -> bool */
	PROP_U32,		/* u */
	PROP_I32,		/* i */
	PROP_U64,		/* t */
	PROP_I64,		/* x, negative is unknown */
	PROP_SECONDS,		/* the same, and NVMPATH_SEC_OFF for never */
};

struct prop {
	const char *member;	/* on the bus */
	const char *key;	/* in JSON */
	enum prop_type type;
	size_t offset;		/* in the kind's struct */
	bool counter;		/* one of those that stats shows */
};

struct kind_info {
	const char *interface;
	const char *prefix;	/* of its objects' paths; the manager's own path */
	size_t size;
	const struct prop *props;
	size_t n_props;
	const char *json_list;	/* "paths" */
};

const struct kind_info *kind_info(enum object_kind kind);
enum object_kind kind_from_interface(const char *interface);
const struct prop *prop_find(const struct kind_info *info, const char *member);

/* The type's signature on the bus. */
const char *prop_signature(enum prop_type type);

/* A char * that is never NULL. */
static inline bool prop_is_text(enum prop_type type)
{
	return type == PROP_TEXT || type == PROP_NAME;
}

/* A char ** with NULL at its end. */
static inline bool prop_is_list(enum prop_type type)
{
	return type == PROP_TEXTS || type == PROP_NAMES;
}

/* All texts "", all lists empty, all counters unknown. NULL without memory. */
struct object *object_new(enum object_kind kind);
struct object *object_free(struct object *o);

/* Its place on the bus. Allocated; -ENOMEM. */
int object_bus_path(const struct object *o, char **ret);

/*
 * A text or list of an object that does not borrow: replaces what was there, and
 * takes the new one. NULL is -ENOMEM, so that a copy can be passed as it is made.
 */
int prop_set_text(char **at, char *take_text);
int prop_set_texts(char ***at, char **take_texts);

static inline void object_freep(struct object **o)
{
	(void) object_free(*o);
}

#endif
