/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Manager.Plan: what a removal would take and what it would leave. */
#ifndef NVMPATH_CLI_PLAN_H
#define NVMPATH_CLI_PLAN_H

#include <json-c/json.h>
#include <systemd/sd-bus.h>

#include "scope.h"
#include "verbs.h"

struct plan_namespace {
	char *name;
	uint32_t usable_now, usable_left, optimized_left, ports_left;
	char *verdict;		/* ok, degraded, below-floor, last-path */
};

struct plan {
	char **paths, **controllers;
	bool can_restore;
	char **restore_missing;
	char *refused;		/* "" : it may be done */
	char **warnings, **users;
	char *registry_owner;
	struct plan_namespace *namespaces;
	size_t n_namespaces;
};

/* Asks and parses; says what goes wrong. The caller calls plan_done() in any case. */
enum nvmpath_exit plan_ask(const struct context *c, const char *target, struct plan *ret);
void plan_done(struct plan *p);
#define _cleanup_plan_ _cleanup_(plan_done)

/* The worst verdict of its namespaces: 0 ok, 1 degraded, 2 below the floor or the last path. */
int plan_severity(const struct plan *p);
/* Allocated: one line that tells what would remain. NULL: no memory. */
char *plan_summary(const struct plan *p, const char *target);
struct json_object *plan_to_json(const struct plan *p, const char *target);

#endif
