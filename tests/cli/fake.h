/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the stand-in daemon share (fake-nvmpathd.c says what it is). */
#ifndef NVMPATH_TESTS_FAKE_H
#define NVMPATH_TESTS_FAKE_H

#include <json-c/json.h>
#include <systemd/sd-bus.h>

#include "props.h"
#include "util.h"

struct fake {
	struct json_object *scenario;
};

/* ---- the scenario (fake-scenario.c) ---- */

/* Borrowed; NULL where it is not there, or o is NULL. */
struct json_object *get(struct json_object *o, const char *key);
/* "" for NULL. */
const char *text(struct json_object *v);
struct json_object *find_object(struct fake *f, enum object_kind kind, const char *name);
/* Merges the removal's next step, if there is one, into the removal. */
void take_step(struct fake *f, const char *name, struct json_object *removal);
/* A cancelled removal goes on with other steps. */
void cancel(struct fake *f, const char *name);

/* The object path of a name, "/" for none; the name of the object that a call is for. */
char *bus_path(enum object_kind kind, const char *name);
char *object_name(sd_bus_message *m);
/* What a method is found by: the object's name, or the target of the manager's. */
char *method_key(sd_bus_message *m);

/* ---- answers: each fills a reply from what a call asks for ---- */

int answer_objects(struct fake *f, sd_bus_message *m, sd_bus_message *reply);
int answer_properties(struct fake *f, sd_bus_message *m, sd_bus_message *reply);
int answer_history(struct fake *f, sd_bus_message *m, sd_bus_message *reply);
int answer_emit(struct fake *f, sd_bus_message *m, sd_bus_message *reply);
int answer_touch(struct fake *f, sd_bus_message *m, sd_bus_message *reply);
int answer_plan(struct fake *f, sd_bus_message *m, sd_bus_message *reply);

#endif
