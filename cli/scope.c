/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scope.h"

#include <ctype.h>
#include <string.h>

const char *scope_key_to_string(enum scope_key key)
{
	static const char * const words[] = {
		[SCOPE_OBJECT] = "",
#define X(suffix, word) [SCOPE_##suffix] = word,
		NVMPATH_SELECTORS(X)
#undef X
	};

	return words[key];
}

/* "0000:01:00.0", as the kernel writes it */
static bool is_pci_address(const char *text)
{
	static const char form[] = "xxxx:xx:xx.x";

	if (strlen(text) != strlen(form))
		return false;
	for (size_t i = 0; form[i]; i++)
		if (form[i] == 'x' ? !isxdigit((unsigned char) text[i]) : text[i] != form[i])
			return false;
	return true;
}

enum scope_key scope_split(const char *text, const char **ret_value)
{
	*ret_value = text;
	if (is_pci_address(text))
		return SCOPE_PCI;
	for (int k = SCOPE_OBJECT + 1; k < _SCOPE_KEY_MAX; k++) {
		const char *word = scope_key_to_string((enum scope_key) k);
		size_t n = strlen(word);

		if (strncmp(text, word, n) || text[n] != '=')
			continue;
		*ret_value = text + n + 1;
		return (enum scope_key) k;
	}
	return SCOPE_OBJECT;
}

const char *scope_value(const struct controller *c, enum scope_key key)
{
	switch (key) {
	case SCOPE_TRADDR:
		return c->traddr;
	case SCOPE_HOST_TRADDR:
		return c->host_traddr;
	case SCOPE_HOST_IFACE:
		return c->host_iface;
	case SCOPE_PCI:
		return strcmp(c->transport, "pcie") ? "" : c->traddr;
	case SCOPE_OBJECT:
	case _SCOPE_KEY_MAX:
		break;
	}
	return "";
}

static bool is_all(const struct scope *scope)
{
	return scope->key == SCOPE_OBJECT && !scope->object;
}

static bool is_named(const struct scope *scope, enum object_kind kind, const char *name)
{
	return scope->object && scope->object->kind == kind &&
	       !strcmp(scope->object->name, name);
}

static bool has_value(const struct scope *scope, const struct controller *c)
{
	return scope->key != SCOPE_OBJECT && c && !strcmp(scope_value(c, scope->key), scope->value);
}

bool scope_has_path(const struct scope *scope, const struct path *p)
{
	return is_all(scope) || has_value(scope, p->ctrl) ||
	       is_named(scope, KIND_PATH, p->object.name) ||
	       is_named(scope, KIND_CONTROLLER, p->controller) ||
	       is_named(scope, KIND_NAMESPACE, p->namespace) ||
	       is_named(scope, KIND_SUBSYSTEM, p->subsystem);
}

bool scope_has_controller(const struct scope *scope, const struct controller *c)
{
	return is_all(scope) || has_value(scope, c) ||
	       is_named(scope, KIND_CONTROLLER, c->object.name) ||
	       is_named(scope, KIND_SUBSYSTEM, c->subsystem);
}

bool scope_has_namespace(const struct scope *scope, const struct namespace *ns)
{
	return is_all(scope) || is_named(scope, KIND_NAMESPACE, ns->object.name) ||
	       is_named(scope, KIND_SUBSYSTEM, ns->subsystem);
}

/* The subsystem that the object belongs to, "" for none. */
static const char *subsystem_of(const struct object *o)
{
	switch (o->kind) {
	case KIND_SUBSYSTEM:
		return o->name;
	case KIND_CONTROLLER:
		return ((const struct controller *) o)->subsystem;
	case KIND_NAMESPACE:
		return ((const struct namespace *) o)->subsystem;
	case KIND_PATH:
		return ((const struct path *) o)->subsystem;
	case KIND_REMOVAL:
	case KIND_MANAGER:
	case _KIND_MAX:
	case _KIND_INVALID:
		break;
	}
	return "";
}

bool scope_has_subsystem(const struct scope *scope, const struct model *m,
			 const struct subsystem *s)
{
	if (is_all(scope))
		return true;
	if (scope->object)
		return !strcmp(subsystem_of(scope->object), s->object.name);
	for (char **n = s->controllers; *n; n++)
		if (has_value(scope, model_controller(m, *n)))
			return true;
	return false;
}

bool scope_has(const struct scope *scope, const struct object *o)
{
	switch (o->kind) {
	case KIND_PATH:
		return scope_has_path(scope, (const struct path *) o);
	case KIND_NAMESPACE:
		return scope_has_namespace(scope, (const struct namespace *) o);
	case KIND_CONTROLLER:
		return scope_has_controller(scope, (const struct controller *) o);
	case KIND_SUBSYSTEM:
	case KIND_REMOVAL:
	case KIND_MANAGER:
	case _KIND_MAX:
	case _KIND_INVALID:
		break;
	}
	return is_all(scope);
}

size_t scope_count_paths(const struct scope *scope, const struct model *m)
{
	size_t n = 0;

	model_each(m, KIND_PATH, struct path, p)
		n += scope_has_path(scope, p);
	return n;
}
