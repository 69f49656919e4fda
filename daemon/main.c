/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nvmpathd: options, signals, readiness; the rest is below. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/journal.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/notify.h"
#include "base/str.h"
#include "bus/bus.h"
#include "kernel/config-read.h"
#include "kernel/helper.h"
#include "policy/config.h"
#include "policy/job.h"
#include "policy/manager.h"
#include "policy/tell.h"

/* What a roll-back may take before the daemon ends without it. */
#define STOP_PATIENCE_USEC (10 * USEC_PER_SEC)

struct options {
	struct manager_config manager;
	const char *bus_address;
	bool check_config;
	const char *journal;		/* socket; NULL: systemd's, under systemd */
};

/* What systemd was told last; told again when it changes. */
struct status {
	struct manager *m;
	const char *bus_address;
	struct bus *bus;		/* NULL: nobody can call yet */
	sd_event *event;
	struct notify *notify;
	sd_event_source *turn;		/* the text may read otherwise */
	bool stopping;
	char text[MESSAGE_SIZE];
};

static sd_event *event_free(sd_event *e)
{
	return sd_event_unref(e);
}
DEFINE_CLEANUP(sd_event *, event_free)

static void usage(FILE *f)
{
	fputs("Usage: nvmpathd [OPTION...]\n"
	      "\n"
	      "Watches NVMe multipath and takes paths out of service without I/O errors.\n"
	      "\n"
	      "  --sysfs=DIR         read the topology here instead of /sys\n"
	      "  --run-dir=DIR       keep records here instead of /run/nvmpath\n"
	      "  --bus=ADDRESS       use this bus instead of the system bus\n"
	      "  --journal=SOCKET    send log entries here instead of to journald\n"
	      "  --journal-dir=DIR   read history here instead of in the system's journal\n"
	      "  --helper=SOCKET     find the helper for admin commands here\n"
	      "  --replay=FILE       take events from a recording, or a FIFO\n"
	      "  --config-root=DIR   read the configuration below DIR\n"
	      "  --check-config      say whether the configuration is good, and end\n"
	      "  --poll-interval=MS  look at least this often (PollInterval=)\n"
	      "  --log-level=LEVEL   err, warning, notice, info or debug (LogLevel=)\n"
	      "  --version           print the version\n"
	      "  --help              print this\n", f);
}

enum { OPT_SYSFS = 256, OPT_RUN_DIR, OPT_BUS, OPT_HELPER, OPT_JOURNAL, OPT_JOURNAL_DIR, OPT_REPLAY, OPT_CONFIG_ROOT, OPT_CHECK, OPT_POLL,
        OPT_LOG, OPT_VERSION, OPT_HELP };

static int take_poll_interval(const char *text, struct options *o)
{
	uint64_t ms;

	if (str_to_u64(text, &ms) < 0 || ms < 10 || ms > 3600 * 1000) {
		fprintf(stderr, "nvmpathd: --poll-interval= takes 10 to 3600000 milliseconds\n");
		return -EINVAL;
	}
	o->manager.poll_interval_usec = ms * USEC_PER_MSEC;
	return 1;
}

static int take_log_level(const char *text)
{
	int level = log_level_from_string(text);

	if (level < 0) {
		fprintf(stderr, "nvmpathd: unknown log level %s\n", text);
		return level;
	}
	log_set_level(level);
	return 1;
}

/* 1: go on; 0: all is said; -EINVAL. */
static int take_option(int c, const char *arg, struct options *o)
{
	switch (c) {
	case OPT_SYSFS:
		o->manager.sysfs = arg;
		return 1;
	case OPT_RUN_DIR:
		o->manager.run_dir = arg;
		return 1;
	case OPT_BUS:
		o->bus_address = arg;
		return 1;
	case OPT_HELPER:
		o->manager.helper = arg;
		return 1;
	case OPT_JOURNAL:
		o->journal = arg;
		return 1;
	case OPT_JOURNAL_DIR:
		o->manager.journal_dir = arg;
		return 1;
	case OPT_CONFIG_ROOT:
		o->manager.config_root = arg;
		return 1;
	case OPT_CHECK:
		o->check_config = true;
		return 1;
	case OPT_REPLAY:
		o->manager.replay = arg;
		return 1;
	case OPT_POLL:
		return take_poll_interval(arg, o);
	case OPT_LOG:
		o->manager.log_level_given = true;
		return take_log_level(arg);
	case OPT_VERSION:
		puts("nvmpathd " NVMPATH_VERSION);
		return 0;
	case OPT_HELP:
		usage(stdout);
		return 0;
	default:
		usage(stderr);
		return -EINVAL;
	}
}

static int parse_options(int argc, char **argv, struct options *o)
{
	static const struct option long_options[] = {
		{ "sysfs",		required_argument, NULL, OPT_SYSFS },
		{ "run-dir",		required_argument, NULL, OPT_RUN_DIR },
		{ "bus",		required_argument, NULL, OPT_BUS },
		{ "helper",		required_argument, NULL, OPT_HELPER },
		{ "journal",		required_argument, NULL, OPT_JOURNAL },
		{ "journal-dir",	required_argument, NULL, OPT_JOURNAL_DIR },
		{ "config-root",	required_argument, NULL, OPT_CONFIG_ROOT },
		{ "check-config",	no_argument, NULL, OPT_CHECK },
		{ "replay",		required_argument, NULL, OPT_REPLAY },
		{ "poll-interval",	required_argument, NULL, OPT_POLL },
		{ "log-level",		required_argument, NULL, OPT_LOG },
		{ "version",		no_argument, NULL, OPT_VERSION },
		{ "help",		no_argument, NULL, OPT_HELP },
		{}
	};
	int c, r;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) >= 0) {
		r = take_option(c, optarg, o);
		if (r <= 0)
			return r;
	}
	if (optind < argc) {
		usage(stderr);
		return -EINVAL;
	}
	return 1;
}

/* Once asked to stop, the end comes when no removal runs any more. */
static void end_if_idle(const struct status *s)
{
	if (s->stopping && jobs_idle(s->m))
		(void) sd_event_exit(s->event, 0);
}

static void tell_status(struct status *s)
{
	char text[MESSAGE_SIZE];

	manager_status_text(s->m, text, sizeof(text));
	if (str_equal(text, s->text))
		return;
	STR_COPY(s->text, text);
	notify_status(s->notify, text);
}

static int on_turn(sd_event_source *source, void *userdata)
{
	(void) source;
	tell_status(userdata);
	return 0;
}

/* Comes once a path, for each of a controller's: it is told once for all of them. */
static void on_status(void *userdata)
{
	struct status *s = userdata;

	end_if_idle(s);
	(void) sd_event_source_set_enabled(s->turn, SD_EVENT_ONESHOT);
}

/* Too late for what still runs: its record tells the next daemon. */
static int on_stop_timeout(sd_event_source *s, uint64_t usec, void *userdata)
{
	(void) usec;
	(void) userdata;
	log_notice("Removals still run, leaving them to the next start");
	return sd_event_exit(sd_event_source_get_event(s), 0);
}

static int on_terminate(sd_event_source *source, const struct signalfd_siginfo *si,
			void *userdata)
{
	struct status *s = userdata;

	(void) source;
	(void) si;
	if (s->stopping)
		return 0;
	s->stopping = true;
	notify_stopping(s->notify);
	tell_daemon(s->m, EVENT_DAEMON_STOPPING, "running", "stopping", "");
	jobs_stop(s->m, NULL);
	end_if_idle(s);
	return sd_event_add_time_relative(s->event, NULL, CLOCK_MONOTONIC,
					  STOP_PATIENCE_USEC, 0, on_stop_timeout, s);
}

static void on_reloaded(void *userdata, int result, const char *message)
{
	(void) result;
	(void) message;
	notify_ready(userdata);
}

static int on_hangup(sd_event_source *source, const struct signalfd_siginfo *si,
		     void *userdata)
{
	struct status *s = userdata;
	int r;

	(void) source;
	(void) si;
	if (!s->bus) {	/* systemd waits for the start still */
		(void) config_reload(s->m, NULL, NULL);
		return 0;
	}
	notify_reloading(s->notify);
	r = config_reload(s->m, on_reloaded, s->notify);
	if (r < 0) {
		(void) log_warning_errno(r, "Failed to read the configuration again: %m");
		on_reloaded(s->notify, r, "");
	}
	return 0;
}

static int set_signals(struct status *s)
{
	sd_event *event = s->event;
	sigset_t mask;
	int r;

	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGIO);	/* of a lease (bus/bulk.c), should somebody break it */
	if (sigprocmask(SIG_BLOCK, &mask, NULL) < 0)
		return -errno;
	r = sd_event_add_signal(event, NULL, SIGTERM, on_terminate, s);
	if (r >= 0)
		r = sd_event_add_signal(event, NULL, SIGINT, on_terminate, s);
	if (r >= 0)
		r = sd_event_add_signal(event, NULL, SIGHUP, on_hangup, s);
	return r;
}

static int set_turn(struct status *s)
{
	int r = sd_event_add_defer(s->event, &s->turn, on_turn, s);

	if (r >= 0)	/* after the manager's coalesced look, which is at + 1 */
		r = sd_event_source_set_priority(s->turn, SD_EVENT_PRIORITY_NORMAL + 2);
	return r < 0 ? r : sd_event_source_set_enabled(s->turn, SD_EVENT_OFF);
}

static void status_done(struct status *s)
{
	bus_free(s->bus);
	sd_event_source_disable_unref(s->turn);
}

/* What is configured is known, or takes too long: callers are let in. */
static void on_configured(void *userdata, int result, const char *message)
{
	struct status *s = userdata;
	int r = bus_new(s->m, s->bus_address, &s->bus);

	(void) result;
	(void) message;
	if (r < 0) {
		(void) sd_event_exit(s->event, r);
		return;
	}
	tell_status(s);
	notify_ready(s->notify);
	tell_daemon(s->m, EVENT_DAEMON_STARTED, "", "running", s->text);
}

static int serve(sd_event *event, struct notify *n, struct manager *m,
		 const struct options *o)
{
	_cleanup_(status_done) struct status status = {
		.m = m, .event = event, .notify = n, .bus_address = o->bus_address,
	};
	int r;

	r = set_signals(&status);
	if (r >= 0)
		r = set_turn(&status);
	if (r < 0)
		return log_error_errno(r, "Failed to set up the event loop: %m");
	r = manager_start(m);
	if (r < 0)
		return r;
	manager_set_status(m, on_status, &status);
	r = config_first(m, on_configured, &status);
	if (r < 0)
		return log_error_errno(r, "Failed to read the configuration: %m");
	r = sd_event_loop(event);
	manager_set_status(m, NULL, NULL);
	tell_status(&status);	/* of the last turn */
	return r < 0 ? log_error_errno(r, "Event loop failed: %m") : 0;
}

/* JOURNAL_STREAM is set by systemd where stderr is the journal. */
static void open_journal(const struct options *o)
{
	const char *path = o->journal ? o->journal :
			   getenv("JOURNAL_STREAM") ? JOURNAL_SOCKET : NULL;
	int r = path ? journal_open(path) : 0;

	if (r < 0)
		(void) log_warning_errno(r, "Failed to reach the journal at %s, logging to stderr: %m",
					 path);
}

/*
 * The daemon's own files may lie behind the paths that it holds: between a hold
 * and its release nothing may be paged in.
 */
static void keep_in_memory(void)
{
	int r = memory_lock();

	if (r < 0)
		(void) log_warning_errno(r, "Failed to lock memory, going on without: what has to be read from a disk without paths will wait for it: %m");
}

static int run(const struct options *o)
{
	_cleanup_(event_freep) sd_event *event = NULL;
	_cleanup_(notify_freep) struct notify *n = NULL;
	_cleanup_(manager_freep) struct manager *m = NULL;
	int r;

	open_journal(o);
	memory_give_back();
	keep_in_memory();
	r = sd_event_default(&event);
	if (r < 0)
		return log_error_errno(r, "Failed to make an event loop: %m");
	r = notify_new(event, &n);
	if (r < 0)
		(void) log_warning_errno(r, "Failed to reach systemd, going on without: %m");
	r = manager_new(event, &o->manager, &m);
	if (r < 0)
		return r;
	return serve(event, n, m, o);
}

static int check_config(const struct options *o)
{
	char message[CONFIG_MESSAGE_SIZE] = "";
	struct settings s;

	if (config_read(o->manager.config_root, &s, message) < 0) {
		fprintf(stderr, "nvmpathd: %s\n", message);
		return 1;
	}
	settings_done(&s);
	puts("The configuration is good.");
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = {
		.manager = {
			.sysfs = "/sys",
			.run_dir = "/run/nvmpath",
			.config_root = "",
			.helper = HELPER_SOCKET,
		},
	};
	int r;

	r = parse_options(argc, argv, &o);
	if (r < 0)
		return 2;
	if (r == 0)
		return 0;
	if (o.check_config)
		return check_config(&o);
	return run(&o) < 0 ? 1 : 0;
}
