/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hosts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "say.h"
#include "top-rows.h"
#include "util.h"

/* Room for the verb, its words and each option once. */
#define ARGV_MAX 64

/* One of a host's two outputs, up to the end of its last whole line. */
struct output {
	int fd;			/* -1 once it ended */
	FILE *to;
	char *line;
	size_t used;
};

struct run {
	const char *host;
	pid_t pid;
	struct output outputs[2];
	enum nvmpath_exit code;
};

static void print_lines(const struct run *r, struct output *o, bool at_end)
{
	char *line = o->line, *end;

	while ((end = memchr(line, '\n', o->used - (size_t) (line - o->line)))) {
		fprintf(o->to, "%s: %.*s\n", r->host, (int) (end - line), line);
		line = end + 1;
	}
	o->used -= (size_t) (line - o->line);
	memmove(o->line, line, o->used);
	if (at_end && o->used)
		fprintf(o->to, "%s: %.*s\n", r->host, (int) o->used, o->line);
	(void) fflush(o->to);
}

static void read_output(struct run *r, struct output *o)
{
	char buf[4096], *more;
	ssize_t n = read(o->fd, buf, sizeof(buf));

	if (n < 0 && errno == EINTR)
		return;
	more = n > 0 ? realloc(o->line, o->used + (size_t) n) : NULL;
	if (!more) {
		if (o->line)
			print_lines(r, o, true);
		(void) close(o->fd);
		o->fd = -1;
		return;
	}
	o->line = more;
	memcpy(o->line + o->used, buf, (size_t) n);
	o->used += (size_t) n;
	print_lines(r, o, false);
}

/* The same command line, with one host and another verb if one is given. */
static void build_argv(const struct args *a, const char *verb, const char *host, char **argv,
		       char texts[][64])
{
	size_t n = 0, t = 0;

	argv[n++] = (char *) "nvmpathctl";
	argv[n++] = (char *) "-H";
	argv[n++] = (char *) host;
#define FLAG(condition, word) do { if (condition) argv[n++] = (char *) (word); } while (0)
#define TEXT(value, word) do {							\
		if (value) { argv[n++] = (char *) (word); argv[n++] = (char *) (value); } \
	} while (0)
#define NUMBER(value, form) do {						\
		if (value) {							\
			(void) snprintf(texts[t], sizeof(texts[t]), form,	\
					(unsigned long long) (value));		\
			argv[n++] = texts[t++];					\
		}								\
	} while (0)
	FLAG(a->quiet, "--quiet");
	FLAG(a->no_legend, "--no-legend");
	FLAG(a->batch || !strcmp(verb, "top"), "--batch");
	FLAG(a->json == JSON_SHORT, "--json=short");
	FLAG(a->json == JSON_PRETTY, "--json=pretty");
	FLAG(a->flags & NVMPATH_FLAG_FORCE, "--force");
	FLAG(a->flags & NVMPATH_FLAG_LEASE, "--bound");
	FLAG(a->flags & NVMPATH_FLAG_KEEP_HELD, "--keep-held");
	FLAG(a->flags & NVMPATH_FLAG_EXCLUDE, "--exclude");
	TEXT(a->columns, "-o");
	TEXT(*a->reason ? a->reason : NULL, "--reason");
	TEXT(a->sort ? top_sort_to_string((enum top_sort) a->sort) : NULL, "--sort");
	TEXT(a->survives, "--survives");
	TEXT(a->textfile, "--textfile");
	NUMBER(a->timeout_usec / USEC_PER_MSEC, "--timeout=%llums");
	NUMBER(a->ttl_usec / USEC_PER_MSEC, "--ttl=%llums");
	NUMBER(a->interval_usec / USEC_PER_MSEC, "--delay=%llums");
	NUMBER(a->since_usec / USEC_PER_SEC, "--since=@%llu");
	NUMBER(a->until_usec / USEC_PER_SEC, "--until=@%llu");
	NUMBER(a->lines, "--lines=%llu");
#undef FLAG
#undef TEXT
#undef NUMBER
	argv[n++] = (char *) "--";
	argv[n++] = (char *) verb;
	for (int i = 1; i < a->n_words && n < ARGV_MAX - 1; i++)
		argv[n++] = a->words[i];
	argv[n] = NULL;
}

static void run_child(const struct args *a, const char *verb, const char *host, int out, int err)
{
	char *argv[ARGV_MAX], texts[8][64];

	(void) dup2(out, STDOUT_FILENO);
	(void) dup2(err, STDERR_FILENO);
	build_argv(a, verb, host, argv, texts);
	(void) execv("/proc/self/exe", argv);
	_exit(NVMPATH_EXIT_FAILURE);
}

static int start(const struct args *a, const char *verb, struct run *r)
{
	int out[2], err[2];

	if (pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(err, O_CLOEXEC) < 0) {
		(void) close(out[0]);
		(void) close(out[1]);
		return -errno;
	}
	(void) fflush(NULL);
	r->pid = fork();
	if (r->pid == 0)
		run_child(a, verb, r->host, out[1], err[1]);
	(void) close(out[1]);
	(void) close(err[1]);
	r->outputs[0] = (struct output) { .fd = out[0], .to = stdout };
	r->outputs[1] = (struct output) { .fd = err[0], .to = stderr };
	return r->pid < 0 ? -EAGAIN : 0;
}

/* Until every output has ended. */
static void pump(struct run *runs, size_t n)
{
	struct pollfd fds[2 * HOSTS_MAX];

	for (;;) {
		int open = 0;

		for (size_t i = 0; i < 2 * n; i++) {
			fds[i] = (struct pollfd) { .fd = runs[i / 2].outputs[i % 2].fd,
						   .events = POLLIN };
			open += fds[i].fd >= 0;
		}
		if (!open)
			return;
		if (poll(fds, 2 * n, -1) < 0)
			continue;
		for (size_t i = 0; i < 2 * n; i++)
			if (fds[i].fd >= 0 && fds[i].revents)
				read_output(&runs[i / 2], &runs[i / 2].outputs[i % 2]);
	}
}

static void collect(struct run *r)
{
	int status = 0;

	while (r->pid > 0 && waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		;
	r->code = r->pid > 0 && WIFEXITED(status) ? (enum nvmpath_exit) WEXITSTATUS(status) :
						     NVMPATH_EXIT_FAILURE;
	free(r->outputs[0].line);
	free(r->outputs[1].line);
}

/* The worst code; each host's own is in runs. */
static enum nvmpath_exit run_all(const struct args *a, const char *verb, struct run *runs)
{
	enum nvmpath_exit worst = NVMPATH_EXIT_OK;

	for (size_t i = 0; i < a->n_hosts; i++) {
		runs[i] = (struct run) { .host = a->hosts[i] };
		runs[i].outputs[0].fd = runs[i].outputs[1].fd = -1;
		if (start(a, verb, &runs[i]) < 0)
			say_error("%s: cannot start nvmpathctl: %s; try fewer hosts at once",
				  runs[i].host, strerror(errno));
	}
	pump(runs, a->n_hosts);
	for (size_t i = 0; i < a->n_hosts; i++) {
		collect(&runs[i]);
		worst = runs[i].code > worst ? runs[i].code : worst;
	}
	return worst;
}

static bool do_all_agree(const struct args *a, struct run *runs, enum nvmpath_exit *ret)
{
	struct args quiet = *a;
	bool agree = true;

	quiet.json = JSON_OFF;
	quiet.columns = NULL;
	/* plan takes no command */
	quiet.n_words = quiet.n_words > 2 ? 2 : quiet.n_words;
	*ret = run_all(&quiet, "plan", runs);
	for (size_t i = 0; i < a->n_hosts; i++)
		agree = agree && runs[i].code == NVMPATH_EXIT_OK;
	if (!agree)
		say_error("not all hosts agree: nothing was changed on any; each said why above");
	return agree;
}

enum nvmpath_exit hosts_run(const struct verb *v, const struct args *a)
{
	struct run runs[HOSTS_MAX];
	enum nvmpath_exit code;

	if (v->flags & VERB_PLANNED && !do_all_agree(a, runs, &code))
		return code;
	return run_all(a, v->name, runs);
}
