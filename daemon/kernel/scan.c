/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "core/usable.h"
#include "scan.h"
#include "sysfs.h"

#define CONTROLLERS "class/nvme"
#define SUBSYSTEMS "class/nvme-subsystem"

/* Takes three numbers at most: nvme%dc%dn%d, nvme%dn%d, nvme%d. */
static bool take_number(const char **s, char letter)
{
	const char *p = *s;

	if (*p++ != letter || *p < '0' || *p > '9')
		return false;
	while (*p >= '0' && *p <= '9')
		p++;
	*s = p;
	return true;
}

static bool take_nvme(const char **s)
{
	if (!str_has_prefix(*s, "nvme"))
		return false;
	*s += 3;
	return take_number(s, 'e');
}

static bool is_controller_name(const char *name)
{
	return take_nvme(&name) && !*name;
}

bool scan_is_head_name(const char *name)
{
	return take_nvme(&name) && take_number(&name, 'n') && !*name;
}

bool scan_is_path_name(const char *name, char head[NAME_SIZE])
{
	const char *s = name, *c, *n;

	if (strlen(name) >= NAME_SIZE || !take_nvme(&s))
		return false;
	c = s;
	if (!take_number(&s, 'c'))
		return false;
	n = s;
	if (!take_number(&s, 'n') || *s)
		return false;
	if (head)	/* nvme_mpath_set_disk_name(): both from one subsystem */
		(void) snprintf(head, NAME_SIZE, "%.*s%s", (int) (c - name), name, n);
	return true;
}

/* What may happen to one object only; the look as a whole goes on. */
static bool just_gone(int r)
{
	return r == -ENOENT || r == -ENODEV || r == -ENXIO || r == -ENOTDIR;
}

/* A target chooses model, serial and NQN: they may hold anything. */
static void read_word(int fd, const char *attr, char *dst, size_t size)
{
	(void) sysfs_read(fd, attr, dst, size);
	str_sanitize(dst);
}
#define READ_WORD(fd, attr, array) read_word(fd, attr, array, sizeof(array))

static uint32_t number_or_zero(int fd, const char *attr)
{
	int64_t v = sysfs_read_number(fd, attr);

	return v < 0 ? 0 : (uint32_t) v;
}

/* What never changes in a head's life. */
static void read_identity(int fd, struct head *h)
{
	h->nsid = number_or_zero(fd, "nsid");
	READ_WORD(fd, "uuid", h->uuid);
	READ_WORD(fd, "nguid", h->nguid);
	READ_WORD(fd, "wwid", h->wwid);
}

static int add_head(struct snapshot *s, const struct snapshot *before,
		    int subsystem_fd, const char *subsystem, const char *name)
{
	_cleanup_close_ int fd = sysfs_open_dir(subsystem_fd, name);
	const struct head *old = before ? snapshot_head(before, name) : NULL;
	struct head h = {};

	if (fd < 0)
		return fd;
	h.o.ino = sysfs_ino(fd, ".");
	if (old && old->o.ino == h.o.ino && old->nsid && old->wwid[0])
		h = *old;
	else
		read_identity(fd, &h);
	STR_COPY(h.o.name, name);
	STR_COPY(h.subsystem, subsystem);
	h.size_bytes = (uint64_t) sysfs_read_number(fd, "size");
	h.size_bytes = h.size_bytes == UINT64_MAX ? 0 : h.size_bytes * 512;
	return snapshot_add_head(s, &h);
}

/*
 * The subsystem's folder lists its controllers as links: which subsystem a
 * controller belongs to is written nowhere else.
 */
static int note_controller(struct snapshot *s, const char *subsystem,
			   const char *name)
{
	struct controller c = { .cntlid = UNKNOWN_NUMBER,
				.numa_node = UNKNOWN_NUMBER };

	STR_COPY(c.o.name, name);
	STR_COPY(c.subsystem, subsystem);
	return snapshot_add_controller(s, &c);
}

static int add_subsystem(struct snapshot *s, const struct snapshot *before,
			 int class_fd, const char *name)
{
	_cleanup_dir_ DIR *d = NULL;
	struct subsystem v = {};
	struct dirent *e;
	int fd, r;

	r = sysfs_list(class_fd, name, &d);
	if (r < 0)
		return r;
	fd = dirfd(d);
	STR_COPY(v.o.name, name);
	v.o.ino = sysfs_ino(fd, ".");
	READ_WORD(fd, "subsysnqn", v.nqn);
	READ_WORD(fd, "model", v.model);
	READ_WORD(fd, "serial", v.serial);
	READ_WORD(fd, "firmware_rev", v.firmware);
	READ_WORD(fd, "iopolicy", v.iopolicy);
	r = snapshot_add_subsystem(s, &v);
	while (r >= 0 && (e = readdir(d))) {
		if (is_controller_name(e->d_name))
			r = note_controller(s, name, e->d_name);
		else if (scan_is_head_name(e->d_name))
			r = add_head(s, before, fd, name, e->d_name);
		if (just_gone(r))
			r = 0;
	}
	return r;
}

/*
 * An object is there before its attributes are, which come one after the other: what is
 * missing is looked for again, what was seen stays.
 */
static void read_features(int fd, struct path *p)
{
	static const struct {
		enum feature feature;
		const char *attr;
	} looks[] = {
		{ FEATURE_ADMIN_STATE,		"admin_state" },
		{ FEATURE_PATH_STATE,		"path_state" },
		{ FEATURE_BIO_REDIRECT_COUNT,	"diag/bio_redirect_count" },
		{ FEATURE_DIAG,			"diag/command_error_count" },
		{ FEATURE_DIAG,			"diag/multipath_failover_count" },
		{ FEATURE_DRAIN_STATE,		"drain_state" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(looks); i++)
		if (!(p->features & FEATURE_BIT(looks[i].feature)) &&
		    sysfs_exists(fd, looks[i].attr))
			p->features |= FEATURE_BIT(looks[i].feature);
}

/*
 * What changes in a path's life; @p has what was read of it last. Its attributes
 * go before its folder does: that there is no admin_state any more does not say
 * that a hold has ended.
 */
static void read_path_state(int fd, const char *controller_state, struct path *p)
{
	char reported[REASONS_SIZE] = "", admin_state[sizeof(p->admin_state)] = "";

	read_features(fd, p);
	p->ana_group = number_or_zero(fd, "ana_grpid");
	READ_WORD(fd, "ana_state", p->ana_state);
	if (p->features & FEATURE_BIT(FEATURE_ADMIN_STATE))
		READ_WORD(fd, "admin_state", admin_state);
	if (admin_state[0])
		STR_COPY(p->admin_state, admin_state);
	if (p->features & FEATURE_BIT(FEATURE_PATH_STATE))
		READ_WORD(fd, "path_state", reported);
	if (p->features & FEATURE_BIT(FEATURE_PATH_STATE) && !reported[0])
		STR_COPY(reported, "ns_not_ready");
	path_judge(p, controller_state, reported);
}

static int add_path(struct snapshot *s, const struct snapshot *before,
		    int controller_fd, const struct controller *c,
		    const char *name)
{
	_cleanup_close_ int fd = sysfs_open_dir(controller_fd, name);
	const struct path *old = before ? snapshot_path(before, name) : NULL;
	struct path p = {};

	if (fd < 0)
		return fd;
	if (!scan_is_path_name(name, p.head))
		return -EINVAL;
	STR_COPY(p.o.name, name);
	STR_COPY(p.controller, c->o.name);
	STR_COPY(p.subsystem, c->subsystem);
	p.o.ino = sysfs_ino(fd, ".");
	if (old && old->o.ino == p.o.ino) {
		p.nsid = old->nsid;
		p.features = old->features;
		STR_COPY(p.admin_state, old->admin_state);
	}
	if (!p.nsid)
		p.nsid = number_or_zero(fd, "nsid");
	read_path_state(fd, c->state, &p);
	return snapshot_add_path(s, &p);
}

static void read_controller(int fd, struct controller *c)
{
	c->o.ino = sysfs_ino(fd, ".");
	READ_WORD(fd, "transport", c->transport);
	READ_WORD(fd, "address", c->address);
	READ_WORD(fd, "state", c->state);
	c->cntlid = sysfs_read_number(fd, "cntlid");
	c->numa_node = sysfs_read_number(fd, "numa_node");
	(void) str_option(c->address, "traddr", c->traddr, sizeof(c->traddr));
	(void) str_option(c->address, "trsvcid", c->trsvcid, sizeof(c->trsvcid));
	(void) str_option(c->address, "host_traddr", c->host_traddr,
			  sizeof(c->host_traddr));
	(void) str_option(c->address, "host_iface", c->host_iface,
			  sizeof(c->host_iface));
	if (!c->traddr[0] && !strchr(c->address, '='))
		STR_COPY(c->traddr, c->address);	/* PCI: the function */
}

static int add_controller(struct snapshot *s, const struct snapshot *before,
			  int class_fd, const char *name)
{
	struct controller *c = NULL;
	_cleanup_dir_ DIR *d = NULL;
	struct dirent *e;
	int fd, r;

	r = sysfs_list(class_fd, name, &d);
	if (r < 0)
		return r;
	for (size_t i = 0; i < s->n_controllers; i++)
		if (str_equal(s->controllers[i].o.name, name))
			c = &s->controllers[i];
	if (!c) {	/* not in a subsystem (yet) */
		r = note_controller(s, "", name);
		if (r < 0)
			return r;
		c = &s->controllers[s->n_controllers - 1];
	}
	fd = dirfd(d);
	read_controller(fd, c);
	while ((e = readdir(d))) {
		if (!scan_is_path_name(e->d_name, NULL))
			continue;
		r = add_path(s, before, fd, c, e->d_name);
		if (r < 0 && !just_gone(r))
			return r;
	}
	return 0;
}

/* Links to controllers that were gone when we came to look at them. */
static void drop_ghosts(struct snapshot *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_controllers; i++)
		if (s->controllers[i].o.ino)
			s->controllers[n++] = s->controllers[i];
	s->n_controllers = n;
}

typedef int (*entry_func_t)(struct snapshot *s, const struct snapshot *before,
			    int class_fd, const char *name);

static int subsystem_entry(struct snapshot *s, const struct snapshot *before,
			   int class_fd, const char *name)
{
	if (!str_has_prefix(name, "nvme-subsys"))
		return 0;
	return add_subsystem(s, before, class_fd, name);
}

static int controller_entry(struct snapshot *s, const struct snapshot *before,
			    int class_fd, const char *name)
{
	if (!is_controller_name(name))
		return 0;
	return add_controller(s, before, class_fd, name);
}

static int scan_class(int root_fd, const char *class, struct snapshot *s,
		      const struct snapshot *before, entry_func_t func)
{
	_cleanup_dir_ DIR *d = NULL;
	struct dirent *e;
	int r;

	r = sysfs_list(root_fd, class, &d);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	while ((e = readdir(d))) {
		if (strlen(e->d_name) >= NAME_SIZE)
			continue;
		r = func(s, before, dirfd(d), e->d_name);
		if (r < 0 && !just_gone(r))
			return r;
	}
	return 0;
}

int scan_all(int root_fd, const struct snapshot *before, struct snapshot **ret)
{
	_cleanup_(snapshot_freep) struct snapshot *s = NULL;
	int r;

	r = snapshot_new(&s);
	if (r < 0)
		return r;
	r = scan_class(root_fd, SUBSYSTEMS, s, before, subsystem_entry);
	if (r < 0)
		return r;
	r = scan_class(root_fd, CONTROLLERS, s, before, controller_entry);
	if (r < 0)
		return r;
	drop_ghosts(s);
	snapshot_sort(s);
	*ret = TAKE_PTR(s);
	return 0;
}

int scan_controller(int root_fd, struct controller *c)
{
	_cleanup_close_ int fd = -EBADF;
	char dir[sizeof(CONTROLLERS) + 1 + NAME_SIZE];

	(void) snprintf(dir, sizeof(dir), CONTROLLERS "/%s", c->o.name);
	fd = sysfs_open_dir(root_fd, dir);
	if (fd < 0 || sysfs_ino(fd, ".") != c->o.ino)
		return -ENODEV;
	READ_WORD(fd, "state", c->state);
	return 0;
}

int scan_path(int root_fd, struct path *p)
{
	_cleanup_close_ int controller_fd = -EBADF, fd = -EBADF;
	char dir[sizeof(CONTROLLERS) + 1 + NAME_SIZE];
	char state[WORD_SIZE];

	(void) snprintf(dir, sizeof(dir), CONTROLLERS "/%s", p->controller);
	controller_fd = sysfs_open_dir(root_fd, dir);
	if (controller_fd < 0)
		return -ENODEV;
	fd = sysfs_open_dir(controller_fd, p->o.name);
	if (fd < 0 || sysfs_ino(fd, ".") != p->o.ino)
		return -ENODEV;
	READ_WORD(controller_fd, "state", state);
	read_path_state(fd, state, p);
	return 0;
}
