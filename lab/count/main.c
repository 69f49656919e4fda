/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * count FILE instructions N: reads the first 4 KiB of FILE N times, past the page
 * cache, and prints what the time stamp counter says each read took: under QEMU's
 * "-icount shift=0" that is the number of instructions.
 * count FILE speed SECS: the same for a while: reads a second on average, and in
 * the best slice, which tells more where other work takes the processor away.
 * count FILE slowest SECS: the slowest read of each slice, in microseconds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define BLOCK_BYTES 4096
#define SLICE_SECS 0.25
#define WARMUP_READS 2000	/* caches of the slab, of the scheduler, of TCG */

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

/* The longest run of equal values in a sorted array: the way that most reads go. */
static size_t longest_run(const uint64_t *sorted, size_t n, uint64_t *ret_value)
{
	size_t best = 0, start = 0;

	for (size_t i = 1; i <= n; i++) {
		if (i < n && sorted[i] == sorted[start])
			continue;
		if (i - start > best) {
			best = i - start;
			*ret_value = sorted[start];
		}
		start = i;
	}
	return best;
}

static void print_counts(uint64_t *counts, size_t n)
{
	uint64_t sum = 0, mode = 0;
	size_t share;

	for (size_t i = 0; i < n; i++)
		sum += counts[i];
	qsort(counts, n, sizeof(*counts), compare);
	share = longest_run(counts, n, &mode);
	printf("reads=%zu min=%ju median=%ju mode=%ju share=%.3f mean=%.1f max=%ju\n",
	       n, (uintmax_t) counts[0], (uintmax_t) counts[n / 2], (uintmax_t) mode,
	       (double) share / n, (double) sum / n, (uintmax_t) counts[n - 1]);
}

static int read_block(int fd, void *buffer)
{
	ssize_t r = pread(fd, buffer, BLOCK_BYTES, 0);

	if (r == BLOCK_BYTES)
		return 0;
	return r < 0 ? -errno : -EIO;
}

static int count_instructions(int fd, void *buffer, size_t n)
{
	uint64_t *counts = calloc(n, sizeof(*counts));
	int r = 0;

	if (!counts)
		return -ENOMEM;
	memset(counts, 1, n * sizeof(*counts));	/* no page fault later */
	for (size_t i = 0; r == 0 && i < n; i++) {
		uint64_t start = __rdtsc();

		r = read_block(fd, buffer);
		counts[i] = __rdtsc() - start;
	}
	if (r == 0)
		print_counts(counts, n);
	free(counts);
	return r;
}

static double now_secs(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}

/* Reads for SLICE_SECS; *ret_iops is how many a second. */
static int read_slice(int fd, void *buffer, double *ret_iops)
{
	double start = now_secs(), now = start;
	size_t n = 0;

	while (now - start < SLICE_SECS) {
		for (int i = 0; i < 64; i++, n++) {
			int r = read_block(fd, buffer);

			if (r < 0)
				return r;
		}
		now = now_secs();
	}
	*ret_iops = (double) n / (now - start);
	return 0;
}

/* Reads for SLICE_SECS; *ret_secs is what the slowest of them took. */
static int slowest_of_slice(int fd, void *buffer, double *ret_secs)
{
	double start = now_secs(), now = start;

	*ret_secs = 0;
	while (now - start < SLICE_SECS) {
		double begin = now;
		int r = read_block(fd, buffer);

		if (r < 0)
			return r;
		now = now_secs();
		if (now - begin > *ret_secs)
			*ret_secs = now - begin;
	}
	return 0;
}

static int measure_slowest(int fd, void *buffer, double secs)
{
	int n = (int) (secs / SLICE_SECS);

	printf("slowest=");
	for (int i = 0; i < n; i++) {
		double slowest = 0;
		int r = slowest_of_slice(fd, buffer, &slowest);

		if (r < 0)
			return r;
		printf("%s%.0f", i > 0 ? "," : "", slowest * 1e6);
	}
	printf("\n");
	return 0;
}

static int measure_speed(int fd, void *buffer, double secs)
{
	double sum = 0, best = 0;
	int n = (int) (secs / SLICE_SECS);

	for (int i = 0; i < n; i++) {
		double iops = 0;
		int r = read_slice(fd, buffer, &iops);

		if (r < 0)
			return r;
		sum += iops;
		if (iops > best)
			best = iops;
	}
	printf("iops=%.1f best=%.1f\n", sum / n, best);
	return 0;
}

static int run(int fd, const char *what, double amount)
{
	void *buffer = aligned_alloc(BLOCK_BYTES, BLOCK_BYTES);
	int r = buffer ? 0 : -ENOMEM;

	for (int i = 0; r == 0 && i < WARMUP_READS; i++)
		r = read_block(fd, buffer);
	if (r == 0 && strcmp(what, "instructions") == 0)
		r = count_instructions(fd, buffer, (size_t) amount);
	else if (r == 0 && strcmp(what, "speed") == 0)
		r = measure_speed(fd, buffer, amount);
	else if (r == 0)
		r = measure_slowest(fd, buffer, amount);
	free(buffer);
	return r;
}

static bool is_known(const char *what)
{
	return strcmp(what, "instructions") == 0 || strcmp(what, "speed") == 0 ||
	       strcmp(what, "slowest") == 0;
}

int main(int argc, char **argv)
{
	double amount = argc == 4 ? atof(argv[3]) : 0;
	int fd, r;

	if (amount < 1 || !is_known(argv[2])) {
		fprintf(stderr, "usage: count FILE instructions N | speed SECS | slowest SECS\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "Failed to open %s: %m\n", argv[1]);
		return 1;
	}
	r = run(fd, argv[2], amount);
	if (r < 0)
		fprintf(stderr, "Failed to read %s: %s\n", argv[1], strerror(-r));
	close(fd);
	return r < 0;
}
