/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/str.h"
#include "helper.h"
#include "sysfs.h"

/* The device has NVMELIB_TIMEOUT_MS; the rest is for the helper to be started. */
#define PATIENCE_MS (NVMELIB_TIMEOUT_MS + 2000)

/* The node's device number must be what this controller's folder says. */
static int check_node(int root_fd, const char *controller, int fd)
{
	char attr[NAME_SIZE + 32], text[32];
	unsigned int major_nr, minor_nr;
	struct stat st;

	(void) snprintf(attr, sizeof(attr), "class/nvme/%s/dev", controller);
	if (sysfs_read(root_fd, attr, text, sizeof(text)) < 0 ||
	    sscanf(text, "%u:%u", &major_nr, &minor_nr) != 2)
		return -ENODEV;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(major_nr, minor_nr))
		return -ENODEV;
	return 0;
}

/* A tree that a test made has nodes of its own. */
static int open_node(int root_fd, const char *controller, char *detail)
{
	_cleanup_close_ int fd = -EBADF;
	char node[NAME_SIZE + 8];
	int r;

	(void) snprintf(node, sizeof(node), "/dev/%s", controller);
	fd = openat(root_fd, sysfs_is_real(root_fd) ? node : node + 1,
		    O_RDONLY | O_CLOEXEC);
	r = fd < 0 ? -errno : check_node(root_fd, controller, fd);
	if (r < 0) {
		(void) snprintf(detail, DETAIL_SIZE, "opening %s: %s", node, strerror(-r));
		return r;
	}
	return TAKE_FD(fd);
}

int helper_connect(const char *socket_path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = -EBADF;

	if (str_copy(sa.sun_path, sizeof(sa.sun_path), socket_path) < 0)
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	/* A full backlog (EAGAIN) is a helper that takes nobody any more. */
	if (connect(fd, (struct sockaddr *) &sa, sizeof(sa)) < 0)
		return -ENOTCONN;
	return TAKE_FD(fd);
}

static int send_command(int fd, const struct command *c, int node)
{
	struct iovec iov = {
		.iov_base = (void *) c,
		.iov_len = sizeof(*c) + c->text_size,
	};
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {};
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (node >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &node, sizeof(int));
	}
	return sendmsg(fd, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int wait_for_answer(int fd)
{
	uint64_t deadline = now_monotonic_usec() + PATIENCE_MS * USEC_PER_MSEC;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t now;
	int r;

	do {
		now = now_monotonic_usec();
		if (now >= deadline)
			return -ETIMEDOUT;
		r = poll(&p, 1, (int) ((deadline - now) / USEC_PER_MSEC) + 1);
	} while (r == 0 || (r < 0 && errno == EINTR));
	return r < 0 ? -errno : 0;
}

static int receive_answer(int fd, enum command_kind kind, struct answer **ret)
{
	size_t size = sizeof(struct answer) + COMMAND_TEXT_MAX;
	_cleanup_free_ struct answer *a = malloc(size);
	ssize_t n;
	int r;

	if (!a)
		return -ENOMEM;
	r = wait_for_answer(fd);
	if (r < 0)
		return r;
	n = recv(fd, a, size, 0);
	if (n <= 0)
		return n == 0 ? -ECONNRESET : -errno;
	r = answer_check(a, (size_t) n, kind);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(a);
	return 0;
}

static const char *words_for(int error)
{
	switch (-error) {
	case ENOTCONN:
		return "the helper for admin commands is not running";
	case ECONNRESET:
		return "the helper for admin commands ended before it answered";
	case ETIMEDOUT:
		return "the helper for admin commands did not answer in time";
	default:
		return strerror(-error);
	}
}

/* Free *@ret; @node is borrowed, -1 for none. */
static int ask(const char *socket_path, const struct command *c, int node,
	       struct answer **ret, char *detail)
{
	enum command_kind kind = (enum command_kind) c->kind;
	_cleanup_close_ int fd = helper_connect(socket_path);
	int r = fd;

	if (r >= 0)
		r = send_command(fd, c, node);
	if (r >= 0)
		r = receive_answer(fd, kind, ret);
	if (r < 0)
		(void) snprintf(detail, DETAIL_SIZE, "%s", words_for(r));
	return r;
}

static struct command command_of(enum command_kind kind)
{
	return (struct command) {
		.magic = COMMAND_MAGIC, .version = COMMAND_VERSION, .kind = kind,
	};
}

/* Asks about a controller; what it came to, with the answer in *@ret. */
static int ask_of(const char *socket_path, int root_fd, const char *controller,
		  const struct command *c, struct answer **ret, char *detail)
{
	_cleanup_close_ int node = open_node(root_fd, controller, detail);
	int r;

	if (node < 0)
		return node;
	r = ask(socket_path, c, node, ret, detail);
	if (r < 0)
		return r;
	if ((*ret)->text_size)
		(void) snprintf(detail, DETAIL_SIZE, "%s", (*ret)->text);
	return (*ret)->result;
}

int helper_identify(const char *socket_path, int root_fd, const char *controller,
		    struct identity *ret, char *detail)
{
	struct command c = command_of(COMMAND_IDENTIFY);
	_cleanup_free_ struct answer *a = NULL;
	int r = ask_of(socket_path, root_fd, controller, &c, &a, detail);

	if (r < 0)
		return r;
	ret->has_ns_management = a->has_ns_management;
	ret->anatt_secs = a->anatt_secs;
	return 0;
}

static int attachment(const char *socket_path, int root_fd, const struct controller *ctrl,
		      uint32_t nsid, enum command_kind kind, char *detail)
{
	struct command c = command_of(kind);
	_cleanup_free_ struct answer *a = NULL;

	c.nsid = nsid;
	c.cntlid = (uint32_t) ctrl->cntlid;
	return ask_of(socket_path, root_fd, ctrl->o.name, &c, &a, detail);
}

int helper_attach(const char *socket_path, int root_fd, const struct controller *c,
		  uint32_t nsid, char *detail)
{
	return attachment(socket_path, root_fd, c, nsid, COMMAND_ATTACH, detail);
}

int helper_detach(const char *socket_path, int root_fd, const struct controller *c,
		  uint32_t nsid, char *detail)
{
	return attachment(socket_path, root_fd, c, nsid, COMMAND_DETACH, detail);
}

int helper_rescan(const char *socket_path, int root_fd, const char *controller)
{
	struct command c = command_of(COMMAND_RESCAN);
	_cleanup_free_ struct answer *a = NULL;
	char detail[DETAIL_SIZE];

	return ask_of(socket_path, root_fd, controller, &c, &a, detail);
}

/* The folder, then each node by name: "/dev\nnvme0\nng0c0n1\n". */
static int write_names(const char *dev, const struct names *controllers,
		       const struct names *paths, const struct names *disks,
		       char *text, size_t size)
{
	size_t n = 0;

	n += (size_t) snprintf(text, size, "%s\n", dev);
	for (size_t i = 0; i < controllers->n && n < size; i++)
		n += (size_t) snprintf(text + n, size - n, "%s\n", controllers->v[i]);
	for (size_t i = 0; i < paths->n && n < size; i++)	/* nvme0c3n1: ng0c3n1 */
		n += (size_t) snprintf(text + n, size - n, "ng%s\n", paths->v[i] + 4);
	for (size_t i = 0; i < disks->n && n < size; i++)
		n += (size_t) snprintf(text + n, size - n, "%s\n", disks->v[i]);
	return n < size ? (int) n + 1 : -E2BIG;
}

static int take_users(char *text, struct users *ret)
{
	char *line, *rest = text;
	int r = 0;

	while (r >= 0 && (line = strsep(&rest, "\n")))
		if (str_has_prefix(line, COMMAND_MOUNT))
			r = lines_add(&ret->mounts, "%s", line + strlen(COMMAND_MOUNT));
		else if (line[0])
			r = lines_add(&ret->open, "%s", line);
	return r;
}

int helper_users(const char *socket_path, const char *dev, const struct names *controllers,
		 const struct names *paths, const struct names *disks, struct users *ret)
{
	_cleanup_free_ struct command *c = malloc(sizeof(*c) + COMMAND_TEXT_MAX);
	_cleanup_free_ struct answer *a = NULL;
	char detail[DETAIL_SIZE];
	int r;

	if (!c)
		return -ENOMEM;
	*c = command_of(COMMAND_USERS);
	r = write_names(dev, controllers, paths, disks, c->text, COMMAND_TEXT_MAX);
	if (r < 0)
		return r;
	c->text_size = (uint32_t) r;
	r = ask(socket_path, c, -1, &a, detail);
	if (r < 0)
		return r;
	ret->hidden = a->hidden;
	r = a->text_size ? take_users(a->text, ret) : 0;
	return r < 0 ? r : a->result;
}
