/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "json.h"
#include "parse.h"
#include "util.h"

static void free_list(char ***list)
{
	for (char **t = *list; t && *t; t++)
		free(*t);
	free(*list);
	*list = NULL;
}

void plan_done(struct plan *p)
{
	free_list(&p->paths);
	free_list(&p->controllers);
	free_list(&p->restore_missing);
	free_list(&p->warnings);
	free_list(&p->users);
	free(p->refused);
	free(p->registry_owner);
	for (size_t i = 0; i < p->n_namespaces; i++) {
		free(p->namespaces[i].name);
		free(p->namespaces[i].verdict);
	}
	free(p->namespaces);
	*p = (struct plan) { 0 };
}

static int plan_init(struct plan *p)
{
	*p = (struct plan) {
		.paths = calloc(1, sizeof(char *)),
		.controllers = calloc(1, sizeof(char *)),
		.restore_missing = calloc(1, sizeof(char *)),
		.warnings = calloc(1, sizeof(char *)),
		.users = calloc(1, sizeof(char *)),
		.refused = strdup(""),
		.registry_owner = strdup(""),
	};
	return p->paths && p->controllers && p->restore_missing && p->warnings && p->users &&
	       p->refused && p->registry_owner ? 0 : -ENOMEM;
}

static int set_text(sd_bus_message *m, char **at)
{
	const char *text;
	char *copy;
	int r = sd_bus_message_read_basic(m, 's', &text);

	if (r < 0)
		return r;
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	free(*at);
	*at = copy;
	return 0;
}

static int set_list(sd_bus_message *m, char ***at)
{
	char **list = NULL;
	int r = sd_bus_message_read_strv(m, &list);

	if (r < 0)
		return r;
	free_list(at);
	*at = list ?: calloc(1, sizeof(char *));
	return *at ? 0 : -ENOMEM;
}

/* Where a fact of type s or as lands; NULL: not known here. */
static char **text_of(struct plan *p, const char *key)
{
	if (!strcmp(key, "Refused"))
		return &p->refused;
	return strcmp(key, "RegistryOwner") ? NULL : &p->registry_owner;
}

static char ***list_of(struct plan *p, const char *key)
{
	const struct {
		const char *key;
		char ***at;
	} lists[] = {
		{ "Paths", &p->paths }, { "Controllers", &p->controllers },
		{ "RestoreMissing", &p->restore_missing }, { "Warnings", &p->warnings },
		{ "Users", &p->users },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (!strcmp(lists[i].key, key))
			return lists[i].at;
	return NULL;
}

static int read_value(sd_bus_message *m, struct plan *p, const char *key, const char *type)
{
	int value, r;

	if (!strcmp(type, "s") && text_of(p, key))
		return set_text(m, text_of(p, key));
	if (!strcmp(type, "as") && list_of(p, key))
		return set_list(m, list_of(p, key));
	if (!strcmp(type, "b") && !strcmp(key, "CanRestore")) {
		r = sd_bus_message_read_basic(m, 'b', &value);
		p->can_restore = r >= 0 && value;
		return r;
	}
	return sd_bus_message_skip(m, type);
}

static int read_fact(sd_bus_message *m, void *userdata)
{
	const char *key, *type;
	int r;

	r = sd_bus_message_read_basic(m, 's', &key);
	if (r >= 0)
		r = sd_bus_message_peek_type(m, NULL, &type);
	if (r >= 0)
		r = sd_bus_message_enter_container(m, 'v', type);
	if (r >= 0)
		r = read_value(m, userdata, key, type);
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int add_namespace(struct plan *p, const struct plan_namespace *n)
{
	struct plan_namespace *more;

	more = reallocarray(p->namespaces, p->n_namespaces + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->namespaces = more;
	p->namespaces[p->n_namespaces++] = *n;
	return n->name && n->verdict ? 0 : -ENOMEM;
}

static int read_namespaces(sd_bus_message *m, struct plan *p)
{
	const char *path, *verdict;
	int r;

	r = sd_bus_message_enter_container(m, 'a', "(ouuuus)");
	while (r >= 0) {
		struct plan_namespace n = { 0 };

		r = sd_bus_message_read(m, "(ouuuus)", &path, &n.usable_now, &n.usable_left,
					&n.optimized_left, &n.ports_left, &verdict);
		if (r <= 0)
			break;
		n.name = parse_object_name(path);
		n.verdict = strdup(verdict);
		r = add_namespace(p, &n);
	}
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

enum nvmpath_exit plan_ask(const struct context *c, const char *target, struct plan *ret)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *reply = NULL;
	enum nvmpath_exit code;
	char what[SCOPE_TEXT_MAX + 16];
	int r;

	(void) snprintf(what, sizeof(what), "plan %s", target);
	r = plan_init(ret);
	if (r >= 0)
		r = bus_new_manager_call(c->bus, "Plan", &m);
	if (r >= 0)
		r = sd_bus_message_append(m, "st", target, c->args->flags);
	if (r < 0)
		return bus_fail(what, NULL, r);
	code = bus_call(c->bus, m, what, &reply);
	if (code != NVMPATH_EXIT_OK)
		return code;
	r = parse_entries(reply, "sv", read_fact, ret);
	if (r >= 0)
		r = read_namespaces(reply, ret);
	return r < 0 ? bus_fail(what, NULL, r) : NVMPATH_EXIT_OK;
}

static int severity(const char *verdict)
{
	if (!strcmp(verdict, "ok"))
		return 0;
	return strcmp(verdict, "degraded") ? 2 : 1;
}

int plan_severity(const struct plan *p)
{
	int worst = *p->refused ? 2 : 0;

	for (size_t i = 0; i < p->n_namespaces; i++) {
		int s = severity(p->namespaces[i].verdict);

		worst = s > worst ? s : worst;
	}
	return worst;
}

char *plan_summary(const struct plan *p, const char *target)
{
	size_t usable = 0, optimized = 0, n = p->n_namespaces;
	char *text;

	for (size_t i = 0; i < n; i++) {
		usable += p->namespaces[i].usable_left > 0;
		optimized += p->namespaces[i].optimized_left > 0;
	}
	if (asprintf(&text, "without %s %zu of %zu namespaces keep a usable path, %zu an "
		     "optimized one", target, usable, n, optimized) < 0)
		return NULL;
	return text;
}

static struct json_object *namespace_to_json(const struct plan_namespace *n)
{
	struct json_object *j = json_object_new_object();

	json_add(j, "name", json_text(n->name));
	json_add(j, "usable_now", json_object_new_int64(n->usable_now));
	json_add(j, "usable_left", json_object_new_int64(n->usable_left));
	json_add(j, "optimized_left", json_object_new_int64(n->optimized_left));
	json_add(j, "ports_left", json_object_new_int64(n->ports_left));
	json_add(j, "verdict", json_text(n->verdict));
	return j;
}

struct json_object *plan_to_json(const struct plan *p, const char *target)
{
	struct json_object *j = json_object_new_object();
	struct json_object *list = json_object_new_array();

	json_add(j, "target", json_text(target));
	json_add(j, "refused", json_text(p->refused));
	json_add(j, "paths", json_texts(p->paths));
	json_add(j, "controllers", json_texts(p->controllers));
	json_add(j, "can_restore", json_object_new_boolean(p->can_restore));
	json_add(j, "restore_missing", json_texts(p->restore_missing));
	json_add(j, "warnings", json_texts(p->warnings));
	json_add(j, "users", json_texts(p->users));
	json_add(j, "registry_owner", json_text(p->registry_owner));
	for (size_t i = 0; i < p->n_namespaces; i++)
		(void) json_object_array_add(list, namespace_to_json(&p->namespaces[i]));
	json_add(j, "namespaces", list);
	return j;
}
