/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "helper.h"
#include "helper-link.h"

#define FIRST_WAIT_USEC	USEC_PER_SEC
#define LAST_WAIT_USEC	(30 * USEC_PER_SEC)

struct helper_link {
	sd_event *event;
	const char *socket;
	helper_link_func_t func;
	void *userdata;
	int fd;
	sd_event_source *io;
	sd_event_source *timer;
	uint64_t wait_usec;
	enum helper_state state;
};

static void try_later(struct helper_link *l)
{
	(void) sd_event_source_set_time_relative(l->timer, l->wait_usec);
	(void) sd_event_source_set_enabled(l->timer, SD_EVENT_ONESHOT);
	l->wait_usec *= 2;
	if (l->wait_usec > LAST_WAIT_USEC)
		l->wait_usec = LAST_WAIT_USEC;
}

static void set_state(struct helper_link *l, enum helper_state state)
{
	enum helper_state before = l->state;

	l->state = state;
	if (before != state)
		l->func(l->userdata, state);
}

static void hang_up(struct helper_link *l)
{
	l->io = sd_event_source_disable_unref(l->io);
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -EBADF;
	try_later(l);
	set_state(l, HELPER_AWAY);
}

static int on_answer(sd_event_source *s, int fd, uint32_t revents, void *userdata)
{
	struct helper_link *l = userdata;
	struct answer a;
	ssize_t n = recv(fd, &a, sizeof(a), 0);

	(void) s;
	(void) revents;
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0 || answer_check(&a, (size_t) n, COMMAND_HELLO) < 0) {
		hang_up(l);
		return 0;
	}
	l->wait_usec = FIRST_WAIT_USEC;
	set_state(l, HELPER_THERE);
	return 0;
}

static int say_hello(struct helper_link *l)
{
	const struct command hello = {
		.magic = COMMAND_MAGIC, .version = COMMAND_VERSION,
		.kind = COMMAND_HELLO,
	};

	l->fd = helper_connect(l->socket);
	if (l->fd < 0)
		return l->fd;
	if (send(l->fd, &hello, sizeof(hello), MSG_NOSIGNAL) < 0)
		return -errno;
	return sd_event_add_io(l->event, &l->io, l->fd, EPOLLIN, on_answer, l);
}

static int on_timer(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct helper_link *l = userdata;

	(void) s;
	(void) usec;
	if (say_hello(l) < 0)
		hang_up(l);
	else
		set_state(l, HELPER_STARTING);
	return 0;
}

int helper_link_new(sd_event *event, const char *socket, helper_link_func_t func,
		    void *userdata, struct helper_link **ret)
{
	_cleanup_(helper_link_freep) struct helper_link *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return -ENOMEM;
	*l = (struct helper_link) {
		.event = sd_event_ref(event), .socket = socket,
		.func = func, .userdata = userdata, .fd = -EBADF,
		.wait_usec = FIRST_WAIT_USEC, .state = HELPER_STARTING,
	};
	r = sd_event_add_time_relative(event, &l->timer, CLOCK_MONOTONIC, 0, 0, on_timer, l);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(l);
	return 0;
}

enum helper_state helper_link_state(const struct helper_link *l)
{
	return l->state;
}

struct helper_link *helper_link_free(struct helper_link *l)
{
	if (!l)
		return NULL;
	sd_event_source_disable_unref(l->io);
	sd_event_source_disable_unref(l->timer);
	if (l->fd >= 0)
		close(l->fd);
	sd_event_unref(l->event);
	free(l);
	return NULL;
}
