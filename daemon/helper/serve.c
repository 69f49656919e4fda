/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/str.h"
#include "kernel/nvmelib.h"
#include "kernel/users.h"
#include "serve.h"

/* Whose number it is is the kernel's word, not the sender's. */
static bool is_controller(int node)
{
	char link[64], target[PATH_MAX], *name;
	struct stat st;
	ssize_t n;

	if (node < 0 || fstat(node, &st) < 0 || !S_ISCHR(st.st_mode))
		return false;
	(void) snprintf(link, sizeof(link), "/sys/dev/char/%u:%u/subsystem",
			major(st.st_rdev), minor(st.st_rdev));
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		return false;
	target[n] = '\0';
	name = strrchr(target, '/');
	return name && str_equal(name + 1, "nvme");
}

static int identify(int node, struct answer *a)
{
	struct identity id;
	int r = nvmelib_identify(node, &id, a->text);

	if (r < 0)
		return r;
	a->has_ns_management = id.has_ns_management;
	a->anatt_secs = id.anatt_secs;
	return 0;
}

/* The folder, then the names. */
static int take_names(char *text, const char **ret_dev, struct names *ret)
{
	char *line, *rest = text;
	int r = 0;

	*ret_dev = strsep(&rest, "\n");
	while (r >= 0 && (line = strsep(&rest, "\n")))
		if (line[0])
			r = names_add(ret, line);
	return r;
}

/* As many of the lines as there is room for; -E2BIG where that is not all. */
static int write_lines(const struct lines *l, const char *prefix, char *text, size_t size)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < l->n; i++) {
		if (n + strlen(prefix) + strlen(l->v[i]) + 2 > size)
			return -E2BIG;
		n += (size_t) snprintf(text + n, size - n, "%s%s\n", prefix, l->v[i]);
	}
	return 0;
}

/* An eighth is for mounts, however many have it open. */
static int write_users(const struct users *found, char *text, size_t size)
{
	int open, mounted;

	text[0] = '\0';
	open = write_lines(&found->open, "", text, size - size / 8);
	mounted = write_lines(&found->mounts, COMMAND_MOUNT, text, size);
	return open < 0 ? open : mounted;
}

static int find_users(const struct command *c, pid_t peer, struct answer *a)
{
	_cleanup_free_ char *text = strdup(c->text);
	_cleanup_(names_done) struct names nodes = {};
	_cleanup_(users_done) struct users found = {};
	const char *dev;
	int r;

	if (!text)
		return -ENOMEM;
	r = take_names(text, &dev, &nodes);
	if (r >= 0)
		r = users_find(dev, &nodes, peer, &found);
	a->hidden = found.hidden;
	if (r < 0 && r != -E2BIG)
		return r;
	if (write_users(&found, a->text, COMMAND_TEXT_MAX) < 0)
		r = -E2BIG;
	return r;
}

static int serve(const struct command *c, int node, pid_t peer, struct answer *a)
{
	enum command_kind kind = (enum command_kind) c->kind;

	if (command_has_node(kind) && !is_controller(node))
		return -ENOTTY;
	switch (kind) {
	case COMMAND_HELLO:
		return 0;
	case COMMAND_IDENTIFY:
		return identify(node, a);
	case COMMAND_ATTACH:
		return nvmelib_attach(node, (uint16_t) c->cntlid, c->nsid, a->text);
	case COMMAND_DETACH:
		return nvmelib_detach(node, (uint16_t) c->cntlid, c->nsid, a->text);
	case COMMAND_RESCAN:
		return nvmelib_rescan(node);
	case COMMAND_USERS:
		return find_users(c, peer, a);
	case _COMMAND_KIND_MAX:
	case _COMMAND_KIND_INVALID:
		break;
	}
	return -EPROTO;
}

void serve_command(const struct command *c, int node, pid_t peer, struct answer *a)
{
	*a = (struct answer) {
		.magic = COMMAND_MAGIC, .version = COMMAND_VERSION, .kind = c->kind,
	};
	a->text[0] = '\0';
	a->result = serve(c, node, peer, a);
	if (a->result < 0 && !a->text[0])
		(void) snprintf(a->text, DETAIL_SIZE, "%s: %s",
				command_kind_to_string((enum command_kind) c->kind),
				strerror(-a->result));
	a->text_size = a->text[0] ? (uint32_t) strlen(a->text) + 1 : 0;
}
