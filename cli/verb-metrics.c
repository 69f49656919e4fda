/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What node_exporter's collectors lack, in Prometheus' text format, under
 * the label names of its nvmesubsystem collector. What is unknown is left out.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus.h"
#include "describe.h"
#include "say.h"
#include "text.h"
#include "verbs.h"

struct metric {
	const char *name, *type, *help;
	enum object_kind kind;
	/* -1: unknown, no sample */
	int64_t (*value)(const struct model *m, const struct object *o);
};

#define PATH(o) ((const struct path *) (o))
#define CTRL(o) ((const struct controller *) (o))
#define NS(o) ((const struct namespace *) (o))

#define VALUE(name, expression)								\
	static int64_t name(const struct model *m, const struct object *o)		\
	{										\
		(void) m;								\
		return (expression);							\
	}

VALUE(path_usable, PATH(o)->usable)
VALUE(path_held, !strcmp(PATH(o)->admin_state, "hold"))
VALUE(path_standby, path_is_standby(m, PATH(o)))
VALUE(path_in_flight, PATH(o)->in_flight)
VALUE(path_failovers, PATH(o)->failovers)
VALUE(path_retries, PATH(o)->retries)
VALUE(path_errors, PATH(o)->command_errors)
VALUE(path_redirects, PATH(o)->bio_redirects)
VALUE(path_changes, (int64_t) PATH(o)->transitions)
VALUE(ctrl_live, *CTRL(o)->state ? !strcmp(CTRL(o)->state, "live") : -1)
VALUE(ctrl_errors, CTRL(o)->command_errors)
VALUE(ctrl_resets, CTRL(o)->resets)
VALUE(ctrl_reconnects, CTRL(o)->reconnects)
VALUE(ns_paths, (int64_t) strv_len(NS(o)->paths))
VALUE(ns_usable, NS(o)->usable_paths)
VALUE(ns_redirects, NS(o)->bio_redirects)
VALUE(ns_requeues, NS(o)->io_requeues)
VALUE(ns_failures, NS(o)->io_failures)

static const struct metric metrics[] = {
	{ "path_usable", "gauge", "1 while the path may carry I/O.", KIND_PATH, path_usable },
	{ "path_held", "gauge", "1 while the path is held.", KIND_PATH, path_held },
	{ "path_standby", "gauge", "1 while a better path is used instead.", KIND_PATH,
	  path_standby },
	{ "path_in_flight", "gauge", "Requests started and not ended.", KIND_PATH,
	  path_in_flight },
	{ "path_failovers_total", "counter", "Requests failed over from the path.", KIND_PATH,
	  path_failovers },
	{ "path_retries_total", "counter", "Commands tried again on the path.", KIND_PATH,
	  path_retries },
	{ "path_command_errors_total", "counter", "Commands that failed on the path.",
	  KIND_PATH, path_errors },
	{ "path_bio_redirects_total", "counter",
	  "I/O sent elsewhere before the path took it.", KIND_PATH, path_redirects },
	{ "path_state_changes_total", "counter", "Changes of the path's state seen.",
	  KIND_PATH, path_changes },
	{ "controller_live", "gauge", "1 while the controller is live.", KIND_CONTROLLER,
	  ctrl_live },
	{ "controller_command_errors_total", "counter", "Commands of the controller that failed.",
	  KIND_CONTROLLER, ctrl_errors },
	{ "controller_resets_total", "counter", "Resets of the controller.", KIND_CONTROLLER,
	  ctrl_resets },
	{ "controller_reconnects_total", "counter", "Attempts to connect again.",
	  KIND_CONTROLLER, ctrl_reconnects },
	{ "namespace_paths", "gauge", "Paths that the namespace has.", KIND_NAMESPACE, ns_paths },
	{ "namespace_usable_paths", "gauge", "Paths of the namespace that may carry I/O.",
	  KIND_NAMESPACE, ns_usable },
	{ "namespace_bio_redirects_total", "counter", "I/O sent to another path.",
	  KIND_NAMESPACE, ns_redirects },
	{ "namespace_io_requeues_total", "counter", "I/O that found no usable path.",
	  KIND_NAMESPACE, ns_requeues },
	{ "namespace_io_failures_total", "counter", "I/O that failed for want of a path.",
	  KIND_NAMESPACE, ns_failures },
};

/* A label's value: backslash, quote and newline are Prometheus' own to escape. */
static void print_label(FILE *f, const char *name, const char *value, bool *first)
{
	_cleanup_free_ char *safe = text_escape(value);

	fprintf(f, "%s%s=\"", *first ? "{" : ",", name);
	*first = false;
	for (const char *at = safe ?: ""; *at; at++) {
		if (*at == '"' || *at == '\\')
			fputc('\\', f);
		fputc(*at, f);
	}
	fputc('"', f);
}

static void print_controller_labels(FILE *f, const struct controller *c, bool *first)
{
	print_label(f, "controller", c ? c->object.name : "", first);
	print_label(f, "transport", c ? c->transport : "", first);
}

static void print_labels(FILE *f, const struct object *o)
{
	bool first = true;

	switch (o->kind) {
	case KIND_PATH:
		print_label(f, "subsystem", PATH(o)->subsystem, &first);
		print_controller_labels(f, PATH(o)->ctrl, &first);
		print_label(f, "device", PATH(o)->namespace, &first);
		print_label(f, "path", o->name, &first);
		break;
	case KIND_CONTROLLER:
		print_label(f, "subsystem", CTRL(o)->subsystem, &first);
		print_controller_labels(f, CTRL(o), &first);
		break;
	case KIND_NAMESPACE:
		print_label(f, "subsystem", NS(o)->subsystem, &first);
		print_label(f, "device", o->name, &first);
		break;
	case KIND_SUBSYSTEM:
	case KIND_REMOVAL:
	case KIND_MANAGER:
	case _KIND_MAX:
	case _KIND_INVALID:
		break;
	}
	if (!first)
		fputc('}', f);
}

static void print_metric(FILE *f, const struct model *m, const struct metric *x)
{
	bool said = false;

	for (size_t i = 0; i < m->lists[x->kind].n; i++) {
		const struct object *o = m->lists[x->kind].objects[i];
		int64_t value = x->value(m, o);

		if (value < 0)
			continue;
		if (!said)
			fprintf(f, "# HELP nvmpath_%s %s\n# TYPE nvmpath_%s %s\n", x->name,
				x->help, x->name, x->type);
		said = true;
		fprintf(f, "nvmpath_%s", x->name);
		print_labels(f, o);
		fprintf(f, " %" PRId64 "\n", value);
	}
}

static void print_all(FILE *f, const struct model *m)
{
	fputs("# HELP nvmpath_protection 1 for the protection that is active.\n"
	      "# TYPE nvmpath_protection gauge\n", f);
	fprintf(f, "nvmpath_protection{state=\"%s\"} 1\n", m->manager->protection);
	for (size_t i = 0; i < ARRAY_SIZE(metrics); i++)
		print_metric(f, m, &metrics[i]);
}

static int write_and_sync(int fd, const struct model *m)
{
	FILE *f = fdopen(fd, "w");
	int failed;

	if (!f) {
		(void) close(fd);
		return -errno;
	}
	print_all(f, m);
	failed = ferror(f);
	return fclose(f) == EOF || failed ? -EIO : 0;
}

/* The collector must never see half a file: written beside it, then renamed. */
static int write_textfile(const char *path, const struct model *m)
{
	_cleanup_free_ char *temporary = NULL;
	int fd, r;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkstemp(temporary);
	if (fd < 0)
		return -errno;
	(void) fchmod(fd, 0644);
	r = write_and_sync(fd, m);
	if (r >= 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		(void) unlink(temporary);
	return r;
}

enum nvmpath_exit verb_metrics(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	enum nvmpath_exit code;
	int r;

	(void) object;
	code = bus_read_model(c->bus, true, &m);
	if (code != NVMPATH_EXIT_OK)
		return code;
	if (!c->args->textfile) {
		print_all(stdout, &m);
		return NVMPATH_EXIT_OK;
	}
	r = write_textfile(c->args->textfile, &m);
	if (r >= 0)
		return NVMPATH_EXIT_OK;
	say_error("cannot write %s: %s; name a file in a folder that there is, and that you "
		  "may write to", c->args->textfile, strerror(-r));
	return NVMPATH_EXIT_FAILURE;
}
