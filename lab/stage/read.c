/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "stage.h"

#define BLOCK_BYTES 4096
#define THREADS_MAX 64

struct reader {
	pthread_t thread;
	int fd;
	unsigned int count;
	unsigned int eio, eopnotsupp, other;
	uint64_t slowest_usec;
};

static uint64_t now_usec(void)
{
	struct timespec t;

	(void) clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t) t.tv_sec * 1000000 + (uint64_t) t.tv_nsec / 1000;
}

static void tally(struct reader *r, int error)
{
	if (error == EIO)
		r->eio++;
	else if (error == EOPNOTSUPP)
		r->eopnotsupp++;
	else
		r->other++;
}

static void *reader_run(void *arg)
{
	struct reader *r = arg;
	void *buf = NULL;
	unsigned int i;

	if (posix_memalign(&buf, BLOCK_BYTES, BLOCK_BYTES)) {
		r->other = r->count;
		return NULL;
	}
	for (i = 0; i < r->count; i++) {
		uint64_t begin = now_usec(), took;

		if (pread(r->fd, buf, BLOCK_BYTES, (off_t) i % 1024 * BLOCK_BYTES) !=
		    BLOCK_BYTES)
			tally(r, errno);
		took = now_usec() - begin;
		if (took > r->slowest_usec)
			r->slowest_usec = took;
	}
	free(buf);
	return NULL;
}

static void report(const struct reader *readers, unsigned int n)
{
	struct reader sum = { 0 };
	unsigned int i;

	for (i = 0; i < n; i++) {
		sum.count += readers[i].count;
		sum.eio += readers[i].eio;
		sum.eopnotsupp += readers[i].eopnotsupp;
		sum.other += readers[i].other;
		if (readers[i].slowest_usec > sum.slowest_usec)
			sum.slowest_usec = readers[i].slowest_usec;
	}
	printf("reads=%u errors=%u EIO=%u EOPNOTSUPP=%u other=%u slowest_ms=%llu\n", sum.count,
	       sum.eio + sum.eopnotsupp + sum.other, sum.eio, sum.eopnotsupp, sum.other,
	       (unsigned long long) sum.slowest_usec / 1000);
}

int read_many(const char *device, unsigned int count, unsigned int threads)
{
	struct reader readers[THREADS_MAX] = { 0 };
	unsigned int i, n = 0;
	int fd, r = 0;

	if (threads < 1 || threads > THREADS_MAX)
		return -EINVAL;
	fd = open(device, O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (i = 0; i < threads && r == 0; i++) {
		readers[i].fd = fd;
		readers[i].count = count / threads;
		r = -pthread_create(&readers[i].thread, NULL, reader_run, &readers[i]);
		if (r == 0)
			n++;
	}
	for (i = 0; i < n; i++)
		(void) pthread_join(readers[i].thread, NULL);
	(void) close(fd);
	if (r == 0)
		report(readers, n);
	return r;
}
