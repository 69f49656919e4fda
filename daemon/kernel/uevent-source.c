/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "source.h"

#define KERNEL_GROUP	1U
/* As much as an unprivileged socket may have on most hosts; then all is read. */
#define RECEIVE_BYTES	(1024 * 1024)
/* lib/kobject_uevent.c: UEVENT_BUFFER_SIZE 2048, and the header line */
#define MESSAGE_BYTES	8192
/* So many in one turn, then others have theirs. */
#define TURN_MAX	256

struct uevent_source {
	struct source s;
	sd_event_source *io;
	int fd;
};

/* Anybody may send to the group from user space; only the kernel is port 0. */
static ssize_t receive(int fd, char *buf, size_t size)
{
	struct sockaddr_nl from = {};
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
	};
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT);

	if (n < 0)
		return -errno;
	return from.nl_pid == 0 ? n : 0;
}

static int on_io(sd_event_source *io, int fd, uint32_t revents, void *userdata)
{
	struct uevent_source *u = userdata;
	char buf[MESSAGE_BYTES];

	(void) io;
	(void) revents;
	for (unsigned i = 0; i < TURN_MAX; i++) {
		ssize_t n = receive(fd, buf, sizeof(buf));
		struct hint h;

		if (n == -ENOBUFS) {	/* some are lost: read everything */
			source_tell_all(&u->s);
			continue;
		}
		if (n < 0)
			break;
		uevent_hint(buf, (size_t) n, &h);
		source_tell(&u->s, &h);
	}
	return 0;
}

static void done(struct source *s)
{
	struct uevent_source *u = (struct uevent_source *) s;

	sd_event_source_disable_unref(u->io);
	if (u->fd >= 0)
		close(u->fd);
}

static int open_socket(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP };
	int size = RECEIVE_BYTES;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd < 0)
		return -errno;
	(void) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (const struct sockaddr *) &address, sizeof(address)) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

int uevent_source_new(const struct source_config *c, struct source **ret)
{
	struct uevent_source *u = calloc(1, sizeof(*u));
	int r;

	if (!u)
		return -ENOMEM;
	u->s = (struct source) { "uevent", done, c->func, c->userdata };
	u->fd = r = open_socket();
	if (r >= 0)
		r = sd_event_add_io(c->event, &u->io, u->fd, EPOLLIN, on_io, u);
	if (r < 0) {
		source_free(&u->s);
		return r;
	}
	*ret = &u->s;
	return 0;
}
