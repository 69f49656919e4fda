/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "source.h"

struct replay_source {
	struct source s;
	sd_event_source *ready;
	int fd;
	char buf[8192];
	size_t used;
};

static void take_line(struct replay_source *p, const char *line)
{
	struct hint h;

	if (recording_hint(line, &h) < 0)
		log_warning("Not a recorded event, ignoring: %s", line);
	else
		source_tell(&p->s, &h);
}

static void take_lines(struct replay_source *p)
{
	char *line = p->buf, *end;

	while ((end = memchr(line, '\n', p->used - (size_t) (line - p->buf)))) {
		*end = '\0';
		take_line(p, line);
		line = end + 1;
	}
	p->used -= (size_t) (line - p->buf);
	memmove(p->buf, line, p->used);
	if (p->used == sizeof(p->buf))
		p->used = 0;	/* no line is that long */
}

/* > 0: there may be more; 0: the end; -EAGAIN: later. */
static ssize_t read_more(struct replay_source *p)
{
	ssize_t n = read(p->fd, p->buf + p->used, sizeof(p->buf) - p->used);

	if (n < 0)
		return -errno;
	p->used += (size_t) n;
	take_lines(p);
	return n;
}

static int on_io(sd_event_source *io, int fd, uint32_t revents, void *userdata)
{
	(void) io;
	(void) fd;
	(void) revents;
	(void) read_more(userdata);
	return 0;
}

static int on_file(sd_event_source *s, void *userdata)
{
	while (read_more(userdata) > 0)
		;
	return sd_event_source_set_enabled(s, SD_EVENT_OFF);
}

static void done(struct source *s)
{
	struct replay_source *p = (struct replay_source *) s;

	sd_event_source_disable_unref(p->ready);
	if (p->fd >= 0)
		close(p->fd);
}

/* Both ends of a FIFO, so that it has no end; a file is there at once. */
static int open_recording(struct replay_source *p, const char *path, bool *fifo)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	*fifo = S_ISFIFO(st.st_mode);
	p->fd = open(path, (*fifo ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
	return p->fd < 0 ? -errno : 0;
}

int replay_source_new(const struct source_config *c, const char *path,
		      struct source **ret)
{
	struct replay_source *p = calloc(1, sizeof(*p));
	bool fifo = false;
	int r;

	if (!p)
		return -ENOMEM;
	p->s = (struct source) { "replay", done, c->func, c->userdata };
	p->fd = -EBADF;
	r = open_recording(p, path, &fifo);
	if (r >= 0)
		r = fifo ? sd_event_add_io(c->event, &p->ready, p->fd, EPOLLIN, on_io, p) :
			   sd_event_add_defer(c->event, &p->ready, on_file, p);
	if (r < 0) {
		source_free(&p->s);
		return r;
	}
	*ret = &p->s;
	return 0;
}
