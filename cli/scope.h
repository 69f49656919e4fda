/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a word of the command line stands for: one object, or all controllers
 * that have an address or interface in common (KEY=VALUE). Pure.
 */
#ifndef NVMPATH_CLI_SCOPE_H
#define NVMPATH_CLI_SCOPE_H

#include "model.h"

/* The KEYs: each is a property of a controller. */
enum scope_key {
	SCOPE_OBJECT,
#define X(suffix, word) SCOPE_##suffix,
	NVMPATH_SELECTORS(X)
#undef X
	_SCOPE_KEY_MAX,
};

#define SCOPE_TEXT_MAX 256

/* All zero stands for everything. */
struct scope {
	enum scope_key key;
	const struct object *object;	/* borrowed from the model; NULL with a key */
	char value[SCOPE_TEXT_MAX];	/* with a key */
	char text[SCOPE_TEXT_MAX];	/* as Manager's methods take it, and messages name it */
};

const char *scope_key_to_string(enum scope_key key);
/* Splits KEY=VALUE, or takes a PCI address; SCOPE_OBJECT: it is neither, or has an unknown KEY. */
enum scope_key scope_split(const char *text, const char **ret_value);
/* The controller's value for a key, "" where it has none. */
const char *scope_value(const struct controller *c, enum scope_key key);

bool scope_has_subsystem(const struct scope *scope, const struct model *m,
			 const struct subsystem *s);
bool scope_has_controller(const struct scope *scope, const struct controller *c);
/* Paths of controllers do not bring their namespace; see scope_has_path(). */
bool scope_has_namespace(const struct scope *scope, const struct namespace *ns);
bool scope_has_path(const struct scope *scope, const struct path *p);
bool scope_has(const struct scope *scope, const struct object *o);
/* How many paths it stands for. */
size_t scope_count_paths(const struct scope *scope, const struct model *m);

#endif
