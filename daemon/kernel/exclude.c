/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/macro.h"
#include "base/str.h"
#include "exclude.h"

#define ENTRY_SIZE (NQN_SIZE + 3 * TRADDR_SIZE + 128)

static bool can_stand(const char *value)
{
	for (const char *s = value; *s; s++)
		if (*s == ';' || *s == '=' || (unsigned char) *s < ' ')
			return false;
	return true;
}

static int entry_of(const struct controller *c, const char *nqn, char ret[ENTRY_SIZE])
{
	const struct {
		const char *key, *value;
	} parts[] = {
		{ "transport", c->transport }, { "traddr", c->traddr },
		{ "trsvcid", c->trsvcid }, { "nqn", nqn },
		{ "host-traddr", c->host_traddr }, { "host-iface", c->host_iface },
	};

	ret[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!can_stand(parts[i].value))
			return -EINVAL;
		if (parts[i].value[0])
			str_append(ret, ENTRY_SIZE, "%s%s=%s", ret[0] ? ";" : "",
				   parts[i].key, parts[i].value);
	}
	return c->traddr[0] && nqn[0] ? 0 : -EINVAL;
}

static int write_file(const char *file, const char *entry)
{
	_cleanup_close_ int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return -errno;
	if (dprintf(fd, "# By nvmpathd: removed on request, until it is restored.\n"
		    "[exclusions]\nexclusion = %s\n", entry) < 0)
		return -errno;
	/* Read by others than root, too, whatever our umask is. */
	return fchmod(fd, 0644) < 0 || fsync(fd) < 0 ? -errno : 0;
}

static void file_of(const char *dir, const char *entry, char ret[PATH_MAX])
{
	(void) snprintf(ret, PATH_MAX, "%s/nvmpath-%016" PRIx64 ".conf", dir,
			str_hash(entry));
}

static int make_dir(const char *dir)
{
	if (mkdir(dir, 0755) < 0)
		return errno == EEXIST ? 0 : -errno;
	return chmod(dir, 0755) < 0 ? -errno : 0;
}

int exclude_add(const char *dir, const struct controller *c, const char *nqn)
{
	char entry[ENTRY_SIZE], file[PATH_MAX], fresh[PATH_MAX + 8];
	int r = entry_of(c, nqn, entry);

	if (r >= 0)
		r = make_dir(dir);
	if (r < 0)
		return r;
	file_of(dir, entry, file);
	(void) snprintf(fresh, sizeof(fresh), "%s.new", file);
	r = write_file(fresh, entry);
	if (r >= 0 && rename(fresh, file) < 0)
		r = -errno;
	if (r < 0)
		(void) unlink(fresh);
	return r;
}

int exclude_remove(const char *dir, const struct controller *c, const char *nqn)
{
	char entry[ENTRY_SIZE], file[PATH_MAX];
	int r = entry_of(c, nqn, entry);

	if (r < 0)
		return 0;	/* then there is none */
	file_of(dir, entry, file);
	return unlink(file) < 0 && errno != ENOENT ? -errno : 0;
}
