/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For monitoring systems, and for scripts that are about to pull something:
 * one line, and 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN whatever goes wrong.
 */
#include <stdio.h>

#include "bus.h"
#include "describe.h"
#include "json.h"
#include "plan.h"
#include "say.h"
#include "target.h"
#include "util.h"
#include "verbs.h"

enum check { CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_UNKNOWN };

static const char *check_to_string(enum check check)
{
	static const char * const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

	return words[check];
}

static enum nvmpath_exit tell(const struct context *c, enum check check, const char *text)
{
	if (c->args->json) {
		struct json_object *doc = json_new_document();

		json_add(doc, "check", json_text(check_to_string(check)));
		json_add(doc, "text", json_text(text));
		json_add(doc, "exit", json_object_new_int((int) check));
		json_print(doc, c->args->json);
	} else if (!c->args->quiet) {
		say("%s: %s", check_to_string(check), text);
	}
	return (enum nvmpath_exit) check;
}

static enum check from_health(enum health h)
{
	switch (h) {
	case HEALTH_OK:
		return CHECK_OK;
	case HEALTH_DEGRADED:
		return CHECK_WARNING;
	case HEALTH_LAST_PATH:
	case HEALTH_NO_PATH:
		return CHECK_CRITICAL;
	case HEALTH_UNKNOWN:
	case _HEALTH_MAX:
	case _HEALTH_INVALID:
		break;
	}
	return CHECK_UNKNOWN;
}

struct sums {
	size_t usable, paths, in[_HEALTH_MAX];
	enum health worst;
};

/* A namespace counts if it, or any of its paths, is in the scope. */
static bool is_counted(const struct model *m, const struct scope *s, const struct namespace *ns)
{
	if (scope_has_namespace(s, ns))
		return true;
	for (char **n = ns->paths; *n; n++) {
		const struct path *p = model_path(m, *n);

		if (p && scope_has_path(s, p))
			return true;
	}
	return false;
}

static void sum(const struct model *m, const struct scope *s, struct sums *ret)
{
	*ret = (struct sums) { .worst = HEALTH_UNKNOWN };
	model_each(m, KIND_NAMESPACE, struct namespace, ns) {
		enum health h = namespace_health(ns);

		if (!is_counted(m, s, ns))
			continue;
		ret->in[h]++;
		ret->usable += ns->usable_paths;
		ret->paths += strv_len(ns->paths);
		ret->worst = h > ret->worst ? h : ret->worst;
	}
}

static enum nvmpath_exit check_state(const struct context *c, const struct model *m,
				     const struct scope *s)
{
	struct sums sums;
	char text[256];

	sum(m, s, &sums);
	if (!sums.paths)
		return tell(c, CHECK_UNKNOWN, "no path under native NVMe multipath");
	(void) snprintf(text, sizeof(text),
			"%zu of %zu paths usable; namespaces: %zu with all paths, %zu degraded, "
			"%zu on their last path, %zu without any | usable=%zu paths=%zu",
			sums.usable, sums.paths, sums.in[HEALTH_OK], sums.in[HEALTH_DEGRADED],
			sums.in[HEALTH_LAST_PATH], sums.in[HEALTH_NO_PATH], sums.usable,
			sums.paths);
	return tell(c, from_health(sums.worst), text);
}

static enum nvmpath_exit check_survives(const struct context *c, const struct model *m)
{
	_cleanup_plan_ struct plan p = { 0 };
	_cleanup_free_ char *summary = NULL;
	enum nvmpath_exit code;
	struct scope s;

	code = target_to_act_on(m, "check --survives", c->args->survives, &s);
	if (code == NVMPATH_EXIT_OK)
		code = plan_ask(c, s.text, &p);
	if (code != NVMPATH_EXIT_OK)
		return (enum nvmpath_exit) CHECK_UNKNOWN;
	summary = *p.refused ? strdup(p.refused) : plan_summary(&p, s.text);
	return tell(c, (enum check) plan_severity(&p), summary ?: "out of memory");
}

static enum nvmpath_exit check(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	enum nvmpath_exit code;
	struct scope s = { 0 };

	code = bus_read_topology(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK && object)
		code = target_scope(&m, object, &s);
	if (code != NVMPATH_EXIT_OK)
		return (enum nvmpath_exit) CHECK_UNKNOWN;
	return c->args->survives ? check_survives(c, &m) : check_state(c, &m, &s);
}

enum nvmpath_exit verb_check(const struct context *c, const char *object)
{
	__attribute__((cleanup(sd_bus_flush_close_unrefp))) sd_bus *bus = NULL;
	struct context own = *c;

	if (object && c->args->survives) {
		say_error("check %s --survives=%s: name one of them", object, c->args->survives);
		return (enum nvmpath_exit) CHECK_UNKNOWN;
	}
	if (bus_open(c->args, &bus) != NVMPATH_EXIT_OK)
		return (enum nvmpath_exit) CHECK_UNKNOWN;
	own.bus = bus;
	return check(&own, object);
}
