/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "mounts.h"

/* Fields of a line of mountinfo (proc_pid_mountinfo(5)), then behind its "-". */
enum { FIELD_NUMBER = 2, FIELD_TARGET = 4, FIELD_SOURCE_BEHIND = 2 };

struct mount {
	const char *number;	/* "259:3" */
	char *target;
	const char *source;
};

/* Cuts the line up. false: not one of mountinfo. */
static bool take_mount(char *line, struct mount *ret)
{
	unsigned i = 0, behind = 0;
	char *field;

	*ret = (struct mount) {};
	while ((field = strsep(&line, " \n"))) {
		if (behind && behind++ == FIELD_SOURCE_BEHIND)
			ret->source = field;
		if (i == FIELD_NUMBER)
			ret->number = field;
		if (i == FIELD_TARGET)
			ret->target = field;
		if (i++ > FIELD_TARGET && !behind && str_equal(field, "-"))
			behind = 1;
	}
	return ret->source;
}

/* The name of the block device with that number, "" where there is none. */
static void name_of(const char *number, char name[NAME_SIZE])
{
	char link[64], target[PATH_MAX], *base;
	ssize_t n;

	name[0] = '\0';
	(void) snprintf(link, sizeof(link), "/sys/dev/block/%s", number);
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		return;
	target[n] = '\0';
	base = strrchr(target, '/');
	(void) str_copy(name, NAME_SIZE, base ? base + 1 : target);
}

static const char *node_of(const struct mount *m, const char *dev, const struct names *nodes,
			   char name[NAME_SIZE])
{
	size_t n = strlen(dev);

	name_of(m->number, name);
	if (names_has(nodes, name))
		return name;
	if (strncmp(m->source, dev, n) != 0 || m->source[n] != '/')
		return NULL;
	return names_has(nodes, m->source + n + 1) ? m->source + n + 1 : NULL;
}

static bool has_line(const struct lines *l, const char *text)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_equal(l->v[i], text))
			return true;
	return false;
}

static bool is_octal(const char *s)
{
	return s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' &&
	       s[3] >= '0' && s[3] <= '7';
}

/* In place: mountinfo has spaces, tabs, newlines and backslashes in octal. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *s = text; *s; to++) {
		bool octal = is_octal(s);

		*to = octal ? (char) ((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0')) : *s;
		s += octal ? 4 : 1;
	}
	*to = '\0';
}

static int add_mount(const char *node, char *target, struct lines *ret)
{
	char text[NAME_SIZE + PATH_MAX];

	unescape(target);
	(void) snprintf(text, sizeof(text), "%s %s", node, target);
	str_sanitize(text);
	if (has_line(ret, text))
		return 0;
	return ret->n < MOUNTS_MAX ? lines_add(ret, "%s", text) : -E2BIG;
}

int mounts_read(FILE *f, const char *dev, const struct names *nodes, struct lines *ret)
{
	char name[NAME_SIZE], *line = NULL;
	struct mount m;
	size_t size = 0;
	int r = 0;

	while (r >= 0 && getline(&line, &size, f) >= 0) {
		const char *node = take_mount(line, &m) ? node_of(&m, dev, nodes, name) : NULL;

		if (node)
			r = add_mount(node, m.target, ret);
	}
	free(line);
	return r;
}

int mounts_find(const char *pid, const char *dev, const struct names *nodes,
		struct lines *ret)
{
	char file[64];
	FILE *f;
	int r;

	(void) snprintf(file, sizeof(file), "/proc/%s/mountinfo", pid);
	f = fopen(file, "re");
	if (!f)
		return 0;
	r = mounts_read(f, dev, nodes, ret);
	(void) fclose(f);
	return r < 0 ? r : 1;
}

/* "/dev/nvme3n1p2 partition 1048572 0 -2", below a line of headings. */
int swaps_read(FILE *f, const char *dev, const struct names *nodes, struct lines *ret)
{
	char *line = NULL, target[] = "[SWAP]";
	size_t size = 0, n = strlen(dev);
	int r = 0;

	while (r >= 0 && getline(&line, &size, f) >= 0) {
		line[strcspn(line, " \t\n")] = '\0';
		if (strncmp(line, dev, n) == 0 && line[n] == '/' &&
		    names_has(nodes, line + n + 1))
			r = add_mount(line + n + 1, target, ret);
	}
	free(line);
	return r;
}

int swaps_find(const char *dev, const struct names *nodes, struct lines *ret)
{
	FILE *f = fopen("/proc/swaps", "re");
	int r;

	if (!f)
		return 0;	/* a kernel without swap */
	r = swaps_read(f, dev, nodes, ret);
	(void) fclose(f);
	return r;
}
