/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hold, drain, run a command, release or restore: whatever the command does,
 * and whatever signal comes. The hold is bound to this process' connection, so
 * that it ends even if nobody is left to release it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act.h"
#include "bus.h"
#include "describe.h"
#include "follow.h"
#include "props.h"
#include "removal.h"
#include "resolve.h"
#include "say.h"
#include "target.h"
#include "util.h"
#include "verbs.h"

/* As in the shell */
#define EXIT_SIGNAL 128
#define EXIT_CANNOT_RUN 126
#define EXIT_NOT_FOUND 127

static void free_removal(struct removal **r)
{
	if (*r)
		(void) object_free(&(*r)->object);
}

static void passed_on(sigset_t *ret)
{
	(void) sigemptyset(ret);
	(void) sigaddset(ret, SIGINT);
	(void) sigaddset(ret, SIGTERM);
	(void) sigaddset(ret, SIGHUP);
	(void) sigaddset(ret, SIGQUIT);
	(void) sigaddset(ret, SIGCHLD);
}

static void run_child(char **command)
{
	sigset_t none;

	(void) sigemptyset(&none);
	(void) sigprocmask(SIG_SETMASK, &none, NULL);
	(void) signal(SIGPIPE, SIG_DFL);
	(void) execvp(command[0], command);
	say_error("cannot run %s: %s", command[0], strerror(errno));
	_exit(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
}

/* The signals are blocked and taken one by one: none can end us here. */
static int wait_for(pid_t child)
{
	sigset_t set;
	siginfo_t si;
	int status;

	passed_on(&set);
	for (;;) {
		if (sigwaitinfo(&set, &si) < 0)
			continue;
		/* the terminal sends Ctrl-C to the child, too */
		if (si.si_signo != SIGCHLD && si.si_code <= 0)
			(void) kill(child, si.si_signo);
		if (waitpid(child, &status, WNOHANG) == child)
			break;
	}
	return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

static int run_command(char **command)
{
	sigset_t set;
	pid_t child;

	passed_on(&set);
	(void) sigprocmask(SIG_BLOCK, &set, NULL);
	(void) fflush(NULL);
	child = fork();
	if (child == 0)
		run_child(command);
	if (child < 0) {
		say_error("cannot run %s: %s", command[0], strerror(errno));
		return EXIT_CANNOT_RUN;
	}
	return wait_for(child);
}

/* Whether the command has this removed: after our drain, and of what we drained. */
static bool is_of_ours(const struct removal *r, const struct removal *drained)
{
	if (r->id <= drained->id || strcmp(r->kind, "remove") || strcmp(r->owner, drained->owner))
		return false;
	if (removal_is_over(r) && !r->can_restore)
		return false;
	for (char **p = r->paths; *p; p++)
		if (strv_has(drained->paths, *p))
			return true;
	return false;
}

/* One that goes on after its command went is waited for: it detaches, or undoes itself. */
static enum nvmpath_exit restore(const struct context *c, const struct model *m,
				 struct removal *r)
{
	enum nvmpath_exit code = NVMPATH_EXIT_OK;
	bool cancelled;

	if (!removal_is_over(r))
		code = follow_removal(c, r, "remove", false, &cancelled);
	if (code != NVMPATH_EXIT_OK || !r->can_restore)
		return code;
	return removal_restore(c, m, r);
}

/* Whether something was restored; *ret is the worst that came of it. */
static bool restore_what_went(const struct context *c, const struct removal *drained,
			      enum nvmpath_exit *ret)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	enum nvmpath_exit code;
	bool restored = false;

	*ret = bus_read_model(c->bus, false, &m);
	for (size_t i = 0; i < m.lists[KIND_REMOVAL].n; i++) {
		struct removal *r = (struct removal *) m.lists[KIND_REMOVAL].objects[i];

		if (!is_of_ours(r, drained))
			continue;
		code = restore(c, &m, r);
		*ret = code > *ret ? code : *ret;
		restored |= !strcmp(r->state, "restored");
	}
	return restored;
}

/* What went while it was held, and is not back under its name, needs no release. */
static enum nvmpath_exit release(const struct context *c, const struct scope *s, bool restored)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	struct candidates near;
	struct scope now;

	if (bus_read_model(c->bus, false, &m) != NVMPATH_EXIT_OK ||
	    resolve_scope(&m, s->text, &now, &near) != -ENOENT || s->key == SCOPE_PCI)
		return act_release(c, s);
	if (!restored)
		say_error("%s is gone, and not by nvmpathd: there is nothing to release or to "
			  "restore; see what there is with: nvmpathctl list", s->text);
	return NVMPATH_EXIT_OK;
}

static enum nvmpath_exit give_back(const struct context *c, const struct scope *s,
				   const struct removal *drained, bool *ret_restored)
{
	enum nvmpath_exit code, released;

	*ret_restored = restore_what_went(c, drained, &code);
	released = release(c, s, *ret_restored);
	return code == NVMPATH_EXIT_OK ? released : code;
}

/* Held and drained, or given back again. */
static enum nvmpath_exit drain(const struct context *c, const struct model *m,
			       const struct scope *s, struct removal **ret)
{
	enum nvmpath_exit code;

	code = act_removal(c, s, "drain", "Drain", NVMPATH_FLAG_LEASE, ret);
	if (code != NVMPATH_EXIT_OK)
		return code;
	code = removal_see_through(c, m, *ret, "drain", true);
	/* a drain that failed leaves what it held */
	if (code != NVMPATH_EXIT_OK && (*ret)->held)
		if (release(c, s, false) == NVMPATH_EXIT_OK)
			say_error("released %s again; %s was not run", s->text,
				  c->args->words[2]);
	return code;
}

static enum nvmpath_exit run_held(const struct context *c, const struct model *m,
				  const struct scope *s)
{
	__attribute__((cleanup(free_removal))) struct removal *drained = NULL;
	enum nvmpath_exit code = drain(c, m, s, &drained), back;
	bool restored;
	int status;

	if (code != NVMPATH_EXIT_OK)
		return code;
	status = run_command(c->args->words + 2);
	back = give_back(c, s, drained, &restored);
	if (back == NVMPATH_EXIT_OK && !c->args->quiet)
		say("%s %s; %s gave %d.", restored ? "Restored" : "Released", s->text,
		    c->args->words[2], status);
	return status ? (enum nvmpath_exit) status : back;
}

enum nvmpath_exit verb_with_held(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	struct args quiet = *c->args;
	struct context own = { .args = &quiet, .bus = c->bus };
	enum nvmpath_exit code;
	struct scope s;

	/* standard output is the command's */
	quiet.json = JSON_OFF;
	code = bus_read_model(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK)
		code = target_to_act_on(&m, "with-held", object, &s);
	if (code != NVMPATH_EXIT_OK)
		return code;
	follow_block_signals();
	return run_held(&own, &m, &s);
}
