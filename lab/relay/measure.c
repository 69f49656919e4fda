/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "relay.h"

/* The kernel sends no more than ten events a second of a controller. */
#define SPACE_MSEC 130
#define PATIENCE_MSEC 5000

struct listener {
	sd_bus *bus;
	int uevents;
	const char *path;
	uint64_t heard_usec, told_usec;	/* 0: not yet */
};

static uint64_t now_usec(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t) t.tv_sec * 1000000 + (uint64_t) t.tv_nsec / 1000;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n > k && s[n - k - 1] == '/' && strcmp(s + n - k, end) == 0;
}

static int on_signal(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct listener *l = userdata;

	(void) error;
	if (!l->told_usec && ends_with(sd_bus_message_get_path(m), l->path))
		l->told_usec = now_usec();
	return 0;
}

/* Whatever comes within that time, or until both are there. */
static int listen_for(struct listener *l, int msec, bool both)
{
	uint64_t end = now_usec() + (uint64_t) msec * 1000, now;
	char path[64];
	int r;

	while ((now = now_usec()) < end && !(both && l->heard_usec && l->told_usec)) {
		struct pollfd p[] = {
			{ .fd = l->uevents, .events = POLLIN },
			{ .fd = sd_bus_get_fd(l->bus), .events = POLLIN },
		};

		if (poll(p, 2, (int) ((end - now) / 1000) + 1) < 0)
			return -errno;
		if (p[0].revents && uevent_path(l->uevents, path) &&
		    strcmp(path, l->path) == 0 && !l->heard_usec)
			l->heard_usec = now_usec();
		while ((r = sd_bus_process(l->bus, NULL)) > 0)
			;
		if (r < 0)
			return r;
	}
	return 0;
}

static int one(struct listener *l, int fd, const char *word, uint64_t *ret_usec)
{
	int r;

	r = listen_for(l, SPACE_MSEC, false);
	if (r < 0)
		return r;
	l->heard_usec = l->told_usec = 0;
	if (pwrite(fd, word, strlen(word), 0) < 0)
		return -errno;
	r = listen_for(l, PATIENCE_MSEC, true);
	if (r < 0)
		return r;
	if (!l->heard_usec || !l->told_usec)
		return -ETIMEDOUT;
	/* Who tells may get its turn before this process does. */
	*ret_usec = l->told_usec > l->heard_usec ? l->told_usec - l->heard_usec : 0;
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

static int take_all(struct listener *l, int fd, uint64_t *took, size_t count)
{
	int r = 0;

	for (size_t i = 0; i < count && r >= 0; i++)
		r = one(l, fd, i % 2 ? "online" : "hold", &took[i]);
	if (r < 0)
		return r;
	qsort(took, count, sizeof(*took), compare);
	printf("median=%" PRIu64 " p99=%" PRIu64 " slowest=%" PRIu64 "\n",
	       took[count / 2], took[count * 99 / 100], took[count - 1]);
	return 0;
}

int measure(sd_bus *bus, const char *rule, const char *path, const char *file, size_t count)
{
	struct listener l = { .bus = bus, .path = path, .uevents = uevent_open() };
	int fd = open(file, O_WRONLY | O_CLOEXEC), r;
	uint64_t *took = calloc(count, sizeof(*took));

	if (l.uevents < 0 || fd < 0 || !took)
		r = l.uevents < 0 ? l.uevents : -errno;
	else
		r = sd_bus_add_match(bus, NULL, rule, on_signal, &l);
	if (r >= 0)
		r = take_all(&l, fd, took, count);
	free(took);
	if (fd >= 0)
		close(fd);
	if (l.uevents >= 0)
		close(l.uevents);
	return r;
}
