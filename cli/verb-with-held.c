/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Hold, drain, run a command, release: whatever the command does, and
 * whatever signal comes. The hold is bound to this process' connection, so
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

/* What went while it was held needs no release. */
static enum nvmpath_exit give_back(const struct context *c, const struct scope *s)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	struct candidates near;
	struct scope now;

	if (bus_read_model(c->bus, false, &m) == NVMPATH_EXIT_OK &&
	    resolve_scope(&m, s->text, &now, &near) == -ENOENT && s->key != SCOPE_PCI) {
		say_error("%s is gone: there is nothing to release", s->text);
		return NVMPATH_EXIT_OK;
	}
	return act_release(c, s);
}

static enum nvmpath_exit drain(const struct context *c, const struct model *m,
			       const struct scope *s)
{
	__attribute__((cleanup(free_removal))) struct removal *removal = NULL;
	struct args quiet = *c->args;
	struct context own = { .args = &quiet, .bus = c->bus };
	enum nvmpath_exit code;

	/* standard output is the command's */
	quiet.json = JSON_OFF;
	code = act_removal(c, s, "drain", "Drain", NVMPATH_FLAG_LEASE, &removal);
	if (code != NVMPATH_EXIT_OK)
		return code;
	code = removal_see_through(&own, m, removal, "drain", true);
	/* a drain that failed leaves what it held */
	if (code != NVMPATH_EXIT_OK && removal->held)
		if (give_back(c, s) == NVMPATH_EXIT_OK)
			say_error("released %s again; %s was not run", s->text,
				  c->args->words[2]);
	return code;
}

enum nvmpath_exit verb_with_held(const struct context *c, const char *object)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	enum nvmpath_exit code, back;
	struct scope s;
	int status;

	code = bus_read_model(c->bus, false, &m);
	if (code == NVMPATH_EXIT_OK)
		code = target_to_act_on(&m, "with-held", object, &s);
	if (code != NVMPATH_EXIT_OK)
		return code;
	follow_block_signals();
	code = drain(c, &m, &s);
	if (code != NVMPATH_EXIT_OK)
		return code;
	status = run_command(c->args->words + 2);
	back = give_back(c, &s);
	if (back == NVMPATH_EXIT_OK && !c->args->quiet)
		say("Released %s; %s gave %d.", s.text, c->args->words[2], status);
	return status ? (enum nvmpath_exit) status : back;
}
