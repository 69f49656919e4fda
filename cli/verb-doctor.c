/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "bus.h"
#include "doctor.h"
#include "json.h"
#include "output.h"
#include "say.h"
#include "terminal.h"
#include "verbs.h"

static const char *color_of(enum finding_level level)
{
	static const char * const colors[] = {
		[FINDING_OK] = "\033[32m",
		[FINDING_NOTE] = "",
		[FINDING_WARNING] = "\033[33m",
		[FINDING_PROBLEM] = "\033[31m",
	};

	return terminal_has_colors() ? colors[level] : "";
}

static void print_finding(const struct finding *x)
{
	const char *color = color_of(x->level);

	printf("%s%8s%s  ", color, finding_level_to_string(x->level), *color ? "\033[0m" : "");
	say("%s", x->what);
	if (*x->means)
		say("%8s  means: %s", "", x->means);
	if (*x->remedy)
		say("%8s  remedy: %s", "", x->remedy);
}

static void print_json(const struct context *c, const struct findings *f)
{
	struct json_object *doc = json_new_document();
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < f->n; i++) {
		struct json_object *j = json_object_new_object();

		json_add(j, "level", json_text(finding_level_to_string(f->list[i].level)));
		json_add(j, "what", json_text(f->list[i].what));
		json_add(j, "means", json_text(f->list[i].means));
		json_add(j, "remedy", json_text(f->list[i].remedy));
		(void) json_object_array_add(list, j);
	}
	json_add(doc, "worst", json_text(finding_level_to_string(findings_worst(f))));
	json_add(doc, "findings", list);
	json_print(doc, c->args->json);
}

enum nvmpath_exit verb_doctor(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	__attribute__((cleanup(findings_done))) struct findings f = { 0 };
	struct doctor_host host;
	enum nvmpath_exit code;

	(void) object;
	code = bus_read_model(c->bus, true, &m);
	if (code != NVMPATH_EXIT_OK)
		return code;
	doctor_ask_host(c->bus, &host);
	doctor_examine(&m, &host, now_realtime_usec(), &f);
	if (f.error < 0)
		return bus_fail("examine", NULL, f.error);
	if (c->args->json)
		print_json(c, &f);
	for (size_t i = 0; i < f.n && !c->args->json; i++)
		print_finding(&f.list[i]);
	return findings_worst(&f) >= FINDING_WARNING ? NVMPATH_EXIT_FAILURE : NVMPATH_EXIT_OK;
}
