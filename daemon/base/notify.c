/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>

#include "clock.h"
#include "notify.h"
#include "str.h"

#define RETRY_USEC (100 * USEC_PER_MSEC)
#define RETRY_ACCURACY_USEC (10 * USEC_PER_MSEC)

/*
 * In the order in which they are sent where several wait: without WATCHDOG=1 in
 * time we are killed, and a READY=1 ends the reload that was told before it.
 */
enum { WATCHDOG, RELOADING, READY, STOPPING, STATUS, WORDS };

struct notify {
	int fd;
	struct sockaddr_un address;
	socklen_t address_size;
	uint64_t watchdog_usec;
	sd_event_source *watchdog, *retry;
	bool ending;
	char waits[WORDS][NOTIFY_TEXT_SIZE];	/* "": nothing */
};

static int take_address(struct notify *n, const char *text)
{
	size_t length = strlen(text);
	bool abstract = text[0] == '@';

	if (!abstract && text[0] != '/')
		return -EAFNOSUPPORT;
	if (length >= sizeof(n->address.sun_path))
		return -ENAMETOOLONG;
	n->address.sun_family = AF_UNIX;
	memcpy(n->address.sun_path, text, length);
	if (abstract)
		n->address.sun_path[0] = '\0';
	/* An abstract name has no end but its length. */
	n->address_size = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + length + !abstract);
	return 0;
}

static int reach(const struct notify *n)
{
	int r = connect(n->fd, (const struct sockaddr *) &n->address, n->address_size);

	return r < 0 ? -errno : 0;
}

static int send_once(const struct notify *n, const char *text)
{
	ssize_t size = send(n->fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);

	return size < 0 ? -errno : 0;
}

/* Who listens may have come, or have bound its socket anew, since. */
static int send_text(const struct notify *n, const char *text)
{
	int r = send_once(n, text);

	if (r != -ENOTCONN && r != -ECONNREFUSED)
		return r;
	r = reach(n);
	return r < 0 ? r : send_once(n, text);
}

/* Of what we sent some is not read yet: unix_outq_len(), net/unix/af_unix.c. */
static bool some_unread(const struct notify *n)
{
	int bytes;

	return ioctl(n->fd, SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

static int send_word(const struct notify *n, int word)
{
	if (word == STATUS && !n->ending && some_unread(n))
		return -EAGAIN;
	return send_text(n, n->waits[word]);
}

static void try_later(struct notify *n)
{
	(void) sd_event_source_set_time_relative(n->retry, RETRY_USEC);
	(void) sd_event_source_set_enabled(n->retry, SD_EVENT_ONESHOT);
}

/* Where nobody listens it is lost, as it is with sd_notify(). */
static void send_waiting(struct notify *n)
{
	for (int word = 0; word < WORDS; word++) {
		int r = n->waits[word][0] ? send_word(n, word) : 0;

		if (r == -EAGAIN || r == -ENOBUFS || r == -ENOMEM) {
			try_later(n);
			return;
		}
		n->waits[word][0] = '\0';
	}
}

static int on_retry(sd_event_source *s, uint64_t usec, void *userdata)
{
	(void) s;
	(void) usec;
	send_waiting(userdata);
	return 0;
}

static void tell(struct notify *n, int word, const char *text)
{
	STR_COPY(n->waits[word], text);
	send_waiting(n);
}

static int on_watchdog(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct notify *n = userdata;

	(void) usec;
	tell(n, WATCHDOG, "WATCHDOG=1");
	(void) sd_event_source_set_time_relative(s, n->watchdog_usec / 2);
	(void) sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
	return 0;
}

/* Before whatever else is due: with much to do this has to be said, too. */
static int add_timer(sd_event *event, sd_event_source **ret, uint64_t usec, uint64_t accuracy,
		     sd_event_time_handler_t func, struct notify *n)
{
	int r = sd_event_add_time_relative(event, ret, CLOCK_MONOTONIC, usec, accuracy, func, n);

	return r < 0 ? r : sd_event_source_set_priority(*ret, SD_EVENT_PRIORITY_IMPORTANT);
}

/* At half to three quarters of the interval, with what else wakes us by then. */
static int add_watchdog(struct notify *n, sd_event *event)
{
	int r = sd_watchdog_enabled(false, &n->watchdog_usec);

	if (r <= 0)
		return r;
	return add_timer(event, &n->watchdog, n->watchdog_usec / 2, n->watchdog_usec / 4,
			 on_watchdog, n);
}

static int add_timers(struct notify *n, sd_event *event)
{
	int r = add_timer(event, &n->retry, RETRY_USEC, RETRY_ACCURACY_USEC, on_retry, n);

	if (r >= 0)
		r = sd_event_source_set_enabled(n->retry, SD_EVENT_OFF);
	return r < 0 ? r : add_watchdog(n, event);
}

int notify_new(sd_event *event, struct notify **ret)
{
	_cleanup_(notify_freep) struct notify *n = NULL;
	const char *address = getenv("NOTIFY_SOCKET");
	int r;

	if (!address || !address[0]) {
		*ret = NULL;
		return 0;
	}
	n = calloc(1, sizeof(*n));
	if (!n)
		return -ENOMEM;
	n->fd = -EBADF;
	r = take_address(n, address);
	if (r < 0)
		return r;
	n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (n->fd < 0)
		return -errno;
	(void) reach(n);
	r = add_timers(n, event);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(n);
	return 0;
}

struct notify *notify_free(struct notify *n)
{
	if (!n)
		return NULL;
	if (n->fd >= 0) {
		n->ending = true;
		send_waiting(n);
		close(n->fd);
	}
	sd_event_source_disable_unref(n->watchdog);
	sd_event_source_disable_unref(n->retry);
	free(n);
	return NULL;
}

void notify_ready(struct notify *n)
{
	if (n)
		tell(n, READY, "READY=1");
}

void notify_reloading(struct notify *n)
{
	char text[64];

	if (!n)
		return;
	/* One that still waits would now come after this, and end it too early. */
	n->waits[READY][0] = '\0';
	(void) snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
			now_monotonic_usec());
	tell(n, RELOADING, text);
}

void notify_stopping(struct notify *n)
{
	if (n)
		tell(n, STOPPING, "STOPPING=1");
}

void notify_status(struct notify *n, const char *text)
{
	char line[NOTIFY_TEXT_SIZE] = "";

	if (!n)
		return;
	str_append(line, sizeof(line), "STATUS=%s", text);
	tell(n, STATUS, line);
}
