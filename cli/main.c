/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "bus.h"
#include "hosts.h"
#include "pager.h"
#include "say.h"
#include "util.h"
#include "verbs.h"

static enum nvmpath_exit check_words(const struct verb *v, const struct args *a)
{
	int objects = a->n_words > 1 ? a->n_words - 1 : 0;

	if (objects > 1 && !(v->flags & VERB_COMMAND))
		say_error("%s: one object at a time, not %s; traddr=, host-iface= and the like "
			  "name several", v->name, a->words[2]);
	else if (objects && verb_object(v) == OBJECT_NONE)
		say_error("%s takes no object, not %s; see: nvmpathctl --help", v->name,
			  a->words[1]);
	else if (!objects && verb_object(v) == OBJECT_REQUIRED)
		say_error("%s what? Name %s; see: nvmpathctl --help", v->name, v->object);
	else if (objects == 1 && v->flags & VERB_COMMAND)
		say_error("%s %s: and which command? nvmpathctl %s %s", v->name, a->words[1],
			  v->name, v->object);
	else
		return NVMPATH_EXIT_OK;
	return NVMPATH_EXIT_USAGE;
}

static bool names(const char *verbs, const char *verb)
{
	for (size_t n; *verbs; verbs += n + strspn(verbs + n, ", ")) {
		n = strcspn(verbs, ",");
		if (n == strlen(verb) && !strncmp(verbs, verb, n))
			return true;
	}
	return false;
}

#define READS "status, list, tree, show, stats, top, monitor, history, check, doctor, plan"

/* An option that the verb would not heed is a misunderstanding, and said. */
static enum nvmpath_exit check_options(const struct verb *v, const struct args *a)
{
	/* on several hosts plan is given what is for the verb that it goes before */
	const struct {
		bool given;
		const char *option, *verbs;
	} uses[] = {
		{ a->flags & NVMPATH_FLAG_FORCE, "--force",
		  "hold, drain, remove, with-held, plan" },
		{ a->flags & NVMPATH_FLAG_LEASE, "--bound", "hold, drain, remove, plan" },
		{ a->flags & NVMPATH_FLAG_KEEP_HELD, "--keep-held", "remove, plan" },
		{ a->flags & NVMPATH_FLAG_EXCLUDE, "--exclude", "remove, plan" },
		{ *a->reason, "--reason", "hold, drain, remove, with-held, plan" },
		{ a->timeout_usec, "--timeout", "drain, remove, with-held, plan" },
		{ a->ttl_usec, "--ttl", "hold, plan" },
		{ a->survives, "--survives", "check" },
		{ a->textfile, "--textfile", "metrics" },
		{ a->columns, "--output", "status, list, tree, stats, top, history, plan" },
		{ a->since_usec, "--since", "show, stats, history" },
		{ a->until_usec, "--until", "stats, history" },
		{ a->lines, "--lines", "show, top, monitor, history" },
		{ a->interval_usec, "--delay", "top" },
		{ a->batch, "--batch", "top" },
		{ a->sort, "--sort", "top" },
		{ a->json, "--json", READS ", drain, remove, restore, cancel" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(uses); i++) {
		if (!uses[i].given || names(uses[i].verbs, v->name))
			continue;
		say_error("%s is not for %s, but for %s; leave it out", uses[i].option, v->name,
			  uses[i].verbs);
		return NVMPATH_EXIT_USAGE;
	}
	return NVMPATH_EXIT_OK;
}

static bool is_check(const char *verb)
{
	return !strcmp(verb, "check");
}

/* check knows 2 as CRITICAL: a command line that is wrong leaves the state unknown. */
static enum nvmpath_exit usage(const char *verb)
{
	return is_check(verb) ? NVMPATH_EXIT_NO_SUCH_OBJECT : NVMPATH_EXIT_USAGE;
}

/* What acts goes on to its end although nobody reads its progress any more. */
static void set_pipe_signal(const struct verb *v)
{
	if (v->flags & VERB_CHANGES)
		(void) signal(SIGPIPE, SIG_IGN);
}

static enum nvmpath_exit run_verb(const struct verb *v, const struct args *a)
{
	__attribute__((cleanup(sd_bus_flush_close_unrefp))) sd_bus *bus = NULL;
	const char *object = a->n_words > 1 ? a->words[1] : NULL;
	struct context c = { .args = a };
	enum nvmpath_exit code;

	set_pipe_signal(v);
	if (v->flags & VERB_OWN_BUS)
		return v->run(&c, object);
	code = bus_open(a, &bus);
	if (code != NVMPATH_EXIT_OK)
		return code;
	c.bus = bus;
	if (v->flags & VERB_PAGES)
		pager_open(a);
	code = v->run(&c, object);
	pager_close();
	return code;
}

static enum nvmpath_exit run(const struct args *a)
{
	const char *name = a->n_words ? a->words[0] : "status";
	const struct verb *v = verb_find(name);
	enum nvmpath_exit code;

	if (!v) {
		say_error("%s: no such verb; see: nvmpathctl --help", name);
		return NVMPATH_EXIT_USAGE;
	}
	if (is_check(name) && !a->json && !a->quiet)
		say_errors_as_unknown();
	code = check_words(v, a);
	if (code == NVMPATH_EXIT_OK)
		code = check_options(v, a);
	if (code != NVMPATH_EXIT_OK)
		return usage(name);
	return a->n_hosts > 1 ? hosts_run(v, a) : run_verb(v, a);
}

int main(int argc, char *argv[])
{
	enum nvmpath_exit code;
	struct args args;
	int r;

	/* which characters there are; what is said is the same everywhere */
	(void) setlocale(LC_CTYPE, "");
	r = args_parse(argc, argv, &args);
	if (r > 0)
		return NVMPATH_EXIT_OK;
	if (r < 0)
		return (int) usage(args.n_words ? args.words[0] : "");
	code = run(&args);
	/* what was done is done, whether its reader stayed or not */
	if (fflush(stdout) == EOF && errno != EPIPE && code == NVMPATH_EXIT_OK)
		code = NVMPATH_EXIT_FAILURE;
	return (int) code;
}
