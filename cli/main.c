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

/* A switch that the verb would not heed is a misunderstanding, and said. */
static const struct flag_use {
	uint64_t flag;
	const char *option, *verbs;
} flag_uses[] = {
	{ NVMPATH_FLAG_FORCE, "--force", "hold, drain, remove, with-held, plan" },
	{ NVMPATH_FLAG_LEASE, "--bound", "hold, drain, remove, plan" },
	{ NVMPATH_FLAG_KEEP_HELD, "--keep-held", "remove, plan" },
	{ NVMPATH_FLAG_EXCLUDE, "--exclude", "remove, plan" },
};

static bool names(const char *verbs, const char *verb)
{
	for (size_t n; *verbs; verbs += n + strspn(verbs + n, ", ")) {
		n = strcspn(verbs, ",");
		if (n == strlen(verb) && !strncmp(verbs, verb, n))
			return true;
	}
	return false;
}

static enum nvmpath_exit check_flags(const struct verb *v, const struct args *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(flag_uses); i++) {
		const struct flag_use *u = &flag_uses[i];

		if (!(a->flags & u->flag) || names(u->verbs, v->name))
			continue;
		say_error("%s is not for %s, but for %s; leave it out", u->option, v->name,
			  u->verbs);
		return NVMPATH_EXIT_USAGE;
	}
	return NVMPATH_EXIT_OK;
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
	code = check_words(v, a);
	if (code == NVMPATH_EXIT_OK)
		code = check_flags(v, a);
	if (code != NVMPATH_EXIT_OK)
		return code;
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
	if (r)
		return r > 0 ? NVMPATH_EXIT_OK : NVMPATH_EXIT_USAGE;
	code = run(&args);
	/* what was done is done, whether its reader stayed or not */
	if (fflush(stdout) == EOF && errno != EPIPE && code == NVMPATH_EXIT_OK)
		code = NVMPATH_EXIT_FAILURE;
	return (int) code;
}
