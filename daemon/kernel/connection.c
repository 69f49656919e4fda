/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "connection.h"
#include "nvmelib.h"
#include "scan.h"
#include "sysfs.h"

static void read_attr(int fd, const char *attr, char *dst, size_t size)
{
	if (sysfs_read(fd, attr, dst, size) < 0 || str_equal(dst, "none"))
		dst[0] = '\0';
}

static void read_secrets(int fd, struct connection *c)
{
	read_attr(fd, "dhchap_secret", c->secrets.host, SECRET_SIZE);
	read_attr(fd, "dhchap_ctrl_secret", c->secrets.controller, SECRET_SIZE);
	c->authenticates = c->secrets.host[0] != '\0';
	if (c->authenticates)
		c->secrets_by = CONNECT_BY_SYSFS;
}

static int read_tls(int fd, struct connection *c)
{
	char key[32], own[32], keyring[64];

	read_attr(fd, "tls_key", key, sizeof(key));
	read_attr(fd, "tls_configured_key", own, sizeof(own));
	read_attr(fd, "tls_keyring", keyring, sizeof(keyring));
	if (own[0] || (keyring[0] && !str_equal(keyring, ".nvme")))
		return -EKEYREJECTED;
	c->tls = key[0] != '\0';
	return 0;
}

/* A path's queue: what its controller's options made of it. */
static void read_queue(int fd, const char *path, struct connection *c)
{
	char attr[NAME_SIZE + 32], integrity[48];

	(void) snprintf(attr, sizeof(attr), "%.31s/integrity/format", path);
	read_attr(fd, attr, integrity, sizeof(integrity));
	(void) snprintf(attr, sizeof(attr), "%.31s/queue/stable_writes", path);
	if (!integrity[0] && c->option[CONNECT_DATA_DIGEST] < 0) {
		c->option[CONNECT_DATA_DIGEST] = sysfs_read_number(fd, attr);
		if (c->option[CONNECT_DATA_DIGEST] >= 0)
			c->by[CONNECT_DATA_DIGEST] = CONNECT_BY_SYSFS;
	}
	(void) snprintf(attr, sizeof(attr), "%.31s/queue/io_poll", path);
	if (c->polls < 0)
		c->polls = sysfs_read_number(fd, attr);
}

static void read_queues(int fd, struct connection *c)
{
	int copy = sysfs_open_dir(fd, ".");
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *e;

	if (!d && copy >= 0)
		close(copy);
	while (d && (e = readdir(d)))
		if (scan_is_path_name(e->d_name, NULL))
			read_queue(fd, e->d_name, c);
	if (d)
		closedir(d);
}

int connection_read(int root_fd, const struct controller *c, const char *nqn,
		    struct connection *ret)
{
	_cleanup_close_ int fd = -EBADF;
	struct connection v;
	char dir[NAME_SIZE + 16];
	int r;

	connection_init(&v);
	(void) snprintf(dir, sizeof(dir), "class/nvme/%s", c->o.name);
	fd = sysfs_open_dir(root_fd, dir);
	if (fd < 0)
		return fd;
	r = read_tls(fd, &v);
	if (r < 0)
		return r;
	STR_COPY(v.nqn, nqn);
	STR_COPY(v.transport, c->transport);
	STR_COPY(v.traddr, c->traddr);
	STR_COPY(v.trsvcid, c->trsvcid);
	STR_COPY(v.host_traddr, c->host_traddr);
	STR_COPY(v.host_iface, c->host_iface);
	read_attr(fd, "hostnqn", v.hostnqn, sizeof(v.hostnqn));
	read_attr(fd, "hostid", v.hostid, sizeof(v.hostid));
	v.ctrl_loss_tmo = sysfs_read_number(fd, "ctrl_loss_tmo");
	v.reconnect_delay = sysfs_read_number(fd, "reconnect_delay");
	v.fast_io_fail_tmo = sysfs_read_number(fd, "fast_io_fail_tmo");
	v.keep_alive_tmo = sysfs_read_number(fd, "kato");
	v.queue_count = sysfs_read_number(fd, "queue_count");
	v.queue_size = sysfs_read_number(fd, "sqsize");
	if (v.queue_size > 0)
		v.queue_size++;		/* sysfs shows it 0's based */
	read_queues(fd, &v);
	read_secrets(fd, &v);
	*ret = v;
	explicit_bzero(&v.secrets, sizeof(v.secrets));
	return 0;
}

/* ---- nvme-cli's configuration ------------------------------------------------ */

/* For each connection the entry that fits best. */
struct matching {
	struct connection *const *v;
	size_t n;
	struct connect_entry *best;
	unsigned *fits;
};

static void match(void *userdata, const struct connect_entry *e)
{
	struct matching *m = userdata;

	for (size_t i = 0; i < m->n; i++) {
		unsigned fits = connect_entry_fits(e, m->v[i]);

		if (fits <= m->fits[i])
			continue;
		m->fits[i] = fits;
		m->best[i] = *e;
	}
}

static int read_discovery(const char *file, connect_entry_func_t func, void *userdata)
{
	struct connect_entry e;
	char line[1024];
	FILE *f = fopen(file, "re");
	int r = 0;

	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f)) {
		int found = discovery_line(line, &e);

		if (found > 0)
			func(userdata, &e);
		else if (found < 0)
			r = -EBADMSG;
	}
	fclose(f);
	return r;
}

typedef int (*read_func_t)(const char *file, connect_entry_func_t func, void *userdata);

static int learn_from(const char *dir, enum connect_source source, read_func_t read,
		      struct matching *m, char *detail)
{
	const char *name = connect_source_to_string(source);
	char file[PATH_MAX];
	int r;

	memset(m->fits, 0, m->n * sizeof(*m->fits));
	(void) snprintf(file, sizeof(file), "%s/%s", dir, name);
	r = read(file, match, m);
	for (size_t i = 0; i < m->n; i++)
		if (m->fits[i])
			connection_learn(m->v[i], &m->best[i], source);
	if (r >= 0 || r == -ENOENT)
		return 0;
	(void) snprintf(detail, DETAIL_SIZE, "%.160s: %s", file,
			r == -EBADMSG ? "not all of it could be understood" : strerror(-r));
	return r;
}

int connections_configure(const char *dir, struct connection *const *v, size_t n,
			  char *detail)
{
	_cleanup_free_ unsigned *fits = calloc(n, sizeof(*fits));
	struct connect_entry *best = calloc(n, sizeof(*best));
	struct matching m = { v, n, best, fits };
	int r = -ENOMEM, s;

	if (fits && best) {
		r = learn_from(dir, CONNECT_BY_CONFIG, nvmelib_read_config, &m, detail);
		s = learn_from(dir, CONNECT_BY_DISCOVERY, read_discovery, &m, detail);
		r = r < 0 ? r : s;
	}
	if (best)
		explicit_bzero(best, n * sizeof(*best));
	free(best);
	return r;
}
