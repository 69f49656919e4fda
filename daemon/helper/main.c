/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * nvmpath-helper: the few things that take a capability, for nvmpathd, which has
 * none (core/command.h, kernel/helper.h). It listens on a socket that systemd
 * made, or on --socket=PATH, which only root may use; a connection is a thread,
 * so that a device that never answers holds up nobody else.
 */
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "base/journal.h"
#include "base/log.h"
#include "base/macro.h"
#include "base/memory.h"
#include "base/notify.h"
#include "base/str.h"
#include "serve.h"

/* One for each worker of the daemon (kernel/worker.c), and some that hang. */
#define CONNECTIONS_MAX 128

static atomic_uint connections;

/* What a connection's thread reads into and writes from. */
struct desk {
	int fd;
	pid_t peer;
	struct command *command;
	struct answer *answer;
};

static struct desk *desk_free(struct desk *d)
{
	if (!d)
		return NULL;
	close(d->fd);
	free(d->command);
	free(d->answer);
	free(d);
	return NULL;
}

static int desk_new(int fd, struct desk **ret)
{
	struct desk *d = calloc(1, sizeof(*d));
	struct ucred who = {};
	socklen_t size = sizeof(who);

	if (!d) {
		close(fd);
		return -ENOMEM;
	}
	d->fd = fd;
	d->command = malloc(sizeof(*d->command) + COMMAND_TEXT_MAX);
	d->answer = malloc(sizeof(*d->answer) + COMMAND_TEXT_MAX);
	(void) getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size);
	d->peer = who.pid;
	if (!d->command || !d->answer || who.uid != geteuid()) {
		(void) desk_free(d);
		return -EPERM;
	}
	*ret = d;
	return 0;
}

/* How many descriptors came; the last one is left open. */
static int take_nodes(struct msghdr *msg, int *ret)
{
	int n = 0;

	*ret = -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; at + CMSG_LEN(sizeof(int)) <= c->cmsg_len; at += sizeof(int)) {
			if (n++)
				close(*ret);
			memcpy(ret, CMSG_DATA(c) + at, sizeof(*ret));
		}
	}
	return n;
}

/* 1: one came; 0: the other side is gone, or talks nonsense. */
static int next_command(struct desk *d, int *ret_node)
{
	struct iovec iov = {
		.iov_base = d->command,
		.iov_len = sizeof(*d->command) + COMMAND_TEXT_MAX,
	};
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];	/* room for two, for padding */
	} control;
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(d->fd, &msg, MSG_CMSG_CLOEXEC);
	int nodes;

	if (n < 0)
		return 0;
	nodes = take_nodes(&msg, ret_node);	/* with no data at all, too */
	if (nodes <= 1 && !(msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) &&
	    command_check(d->command, (size_t) n) >= 0)
		return 1;
	if (n)
		log_warning("Process %d sent what is no command", d->peer);
	if (nodes)
		close(*ret_node);
	return 0;
}

static void *talk(void *userdata)
{
	struct desk *d = userdata;
	int node;

	while (next_command(d, &node)) {
		ssize_t n;

		serve_command(d->command, node, d->peer, d->answer);
		if (node >= 0)
			close(node);
		n = send(d->fd, d->answer, sizeof(*d->answer) + d->answer->text_size,
			 MSG_NOSIGNAL);
		if (n < 0)
			break;
	}
	(void) desk_free(d);
	atomic_fetch_sub(&connections, 1);
	return NULL;
}

static int start_thread(struct desk *d)
{
	pthread_attr_t attr;
	pthread_t thread;
	int r;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 256 * 1024);
	r = pthread_create(&thread, &attr, talk, d);
	pthread_attr_destroy(&attr);
	return -r;
}

static int on_connection(sd_event_source *s, int fd, uint32_t revents, void *userdata)
{
	struct desk *d;
	int r, conn = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	(void) s;
	(void) revents;
	(void) userdata;
	if (conn < 0)
		return 0;
	r = desk_new(conn, &d);
	if (r < 0) {
		(void) log_warning_errno(r, "Failed to take a connection, ignoring: %m");
		return 0;
	}
	if (atomic_fetch_add(&connections, 1) < CONNECTIONS_MAX)
		r = start_thread(d);
	else
		r = -EUSERS;
	if (r < 0) {
		atomic_fetch_sub(&connections, 1);
		(void) desk_free(d);
		(void) log_warning_errno(r, "Failed to serve a connection, ignoring: %m");
	}
	return 0;
}

static int listen_at(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = -EBADF;
	mode_t old;
	int r;

	if (str_copy(sa.sun_path, sizeof(sa.sun_path), path) < 0)
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	(void) unlink(path);
	old = umask(0177);
	r = bind(fd, (struct sockaddr *) &sa, sizeof(sa)) < 0 ? -errno : 0;
	umask(old);
	if (r >= 0 && listen(fd, CONNECTIONS_MAX) < 0)
		r = -errno;
	return r < 0 ? r : TAKE_FD(fd);
}

static int find_socket(const char *path)
{
	if (path)
		return listen_at(path);
	if (sd_listen_fds(true) != 1 ||
	    sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, SOCK_SEQPACKET, 1) <= 0)
		return -ENOTCONN;
	return SD_LISTEN_FDS_START;
}

static int set_up(sd_event *event, const char *path)
{
	int r, fd = find_socket(path);

	if (fd < 0)
		return fd;
	r = sd_event_add_io(event, NULL, fd, EPOLLIN, on_connection, NULL);
	if (r >= 0)
		r = sd_event_add_signal(event, NULL, SIGTERM, NULL, NULL);
	return r;
}

/* Its own file, too, may lie behind paths that are held. */
static void keep_in_memory(void)
{
	int r = memory_lock();

	if (r < 0)
		(void) log_warning_errno(r, "Failed to lock memory, going on without: %m");
}

static int serve(sd_event *event)
{
	_cleanup_(notify_freep) struct notify *n = NULL;
	int r = notify_new(event, &n);

	if (r < 0)
		(void) log_warning_errno(r, "Failed to reach systemd, going on without: %m");
	notify_ready(n);
	return sd_event_loop(event);
}

static int run(const char *path)
{
	sigset_t mask;
	sd_event *event = NULL;
	int r;

	if (getenv("JOURNAL_STREAM"))	/* it never waits for who reads */
		(void) journal_open(JOURNAL_SOCKET);
	keep_in_memory();
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) < 0)
		return log_error_errno(errno, "Failed to block signals: %m");
	r = sd_event_default(&event);
	if (r >= 0)
		r = set_up(event, path);
	if (r < 0)
		return log_error_errno(r, "Failed to listen: %m");
	r = serve(event);
	sd_event_unref(event);
	return r;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "version", no_argument, NULL, 'v' },
		{}
	};
	const char *path = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (c == 'v')
			return puts("nvmpath-helper " NVMPATH_VERSION) < 0;
		if (c != 's') {
			fputs("Usage: nvmpath-helper [--socket=PATH]\n", stderr);
			return 2;
		}
		path = optarg;
	}
	return run(path) < 0 ? 1 : 0;
}
