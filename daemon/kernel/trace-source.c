/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "source.h"
#include "sysfs.h"

#define INSTANCE	"instances/nvmpathd"
#define EVENT		"events/nvme/nvme_async_event"
/* The largest sub-buffer there is by default on any page size. */
#define PAGE_BYTES	65536
#define CPUS_MAX	1024
#define TURN_MAX	64

struct trace_source {
	struct source s;
	struct trace_format format;
	int tracefs_fd;
	struct cpu {
		sd_event_source *io;
		int fd;
	} *cpus;
	size_t n_cpus;
};

static void on_record(void *userdata, int32_t ctrl_id, uint32_t result)
{
	struct trace_source *t = userdata;
	struct hint h;

	async_event_hint(ctrl_id, result, &h);
	source_tell(&t->s, &h);
}

static int on_io(sd_event_source *io, int fd, uint32_t revents, void *userdata)
{
	struct trace_source *t = userdata;
	static char page[PAGE_BYTES];	/* the loop is one thread */

	(void) io;
	(void) revents;
	for (unsigned i = 0; i < TURN_MAX; i++) {
		ssize_t n = read(fd, page, sizeof(page));

		if (n <= 0)
			break;
		if (trace_page_decode(&t->format, page, (size_t) n, on_record, t) != 0)
			source_tell_all(&t->s);
	}
	return 0;
}

static void done(struct source *s)
{
	struct trace_source *t = (struct trace_source *) s;

	for (size_t i = 0; i < t->n_cpus; i++) {
		sd_event_source_disable_unref(t->cpus[i].io);
		close(t->cpus[i].fd);
	}
	free(t->cpus);
	if (t->tracefs_fd < 0)
		return;
	(void) unlinkat(t->tracefs_fd, INSTANCE, AT_REMOVEDIR);
	close(t->tracefs_fd);
}

static int read_format(struct trace_source *t)
{
	char text[4096];
	int r = sysfs_read(t->tracefs_fd, INSTANCE "/" EVENT "/format", text, sizeof(text));

	return r < 0 ? r : trace_format_parse(text, &t->format);
}

/* Any record wakes us, not a half-full buffer; few are enough. */
static int set_up(struct trace_source *t)
{
	int r;

	if (mkdirat(t->tracefs_fd, INSTANCE, 0700) < 0 && errno != EEXIST)
		return -errno;
	r = read_format(t);
	if (r < 0)
		return r;
	(void) sysfs_write(t->tracefs_fd, INSTANCE "/buffer_size_kb", "32");
	(void) sysfs_write(t->tracefs_fd, INSTANCE "/buffer_percent", "0");
	r = sysfs_write(t->tracefs_fd, INSTANCE "/" EVENT "/enable", "1");
	return r < 0 ? r : sysfs_write(t->tracefs_fd, INSTANCE "/tracing_on", "1");
}

static int open_cpu(struct trace_source *t, sd_event *event, unsigned number)
{
	struct cpu *c = &t->cpus[t->n_cpus];
	char path[96];
	int r;

	(void) snprintf(path, sizeof(path), INSTANCE "/per_cpu/cpu%u/trace_pipe_raw", number);
	c->fd = openat(t->tracefs_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (c->fd < 0)
		return -errno;
	r = sd_event_add_io(event, &c->io, c->fd, EPOLLIN, on_io, t);
	if (r < 0) {
		close(c->fd);
		return r;
	}
	t->n_cpus++;
	return 0;
}

/* Their numbers may have gaps: as many as there may be at all. */
static int open_cpus(struct trace_source *t, sd_event *event)
{
	long n = sysconf(_SC_NPROCESSORS_CONF);
	int r = 0;

	if (n < 1 || n > CPUS_MAX)
		n = CPUS_MAX;
	t->cpus = calloc((size_t) n, sizeof(*t->cpus));
	if (!t->cpus)
		return -ENOMEM;
	for (unsigned i = 0; i < CPUS_MAX && t->n_cpus < (size_t) n; i++) {
		r = open_cpu(t, event, i);
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return t->n_cpus ? 0 : -ENOENT;
}

int trace_source_new(const struct source_config *c, const char *tracefs,
		     struct source **ret)
{
	struct trace_source *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return -ENOMEM;
	t->s = (struct source) { "tracefs", done, c->func, c->userdata };
	t->tracefs_fd = r = sysfs_open_dir(AT_FDCWD, tracefs);
	if (r >= 0)
		r = set_up(t);
	if (r >= 0)
		r = open_cpus(t, c->event);
	if (r < 0) {
		source_free(&t->s);
		return r;
	}
	*ret = &t->s;
	return 0;
}
