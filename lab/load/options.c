/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "pattern.h"

enum kind { NUMBER, TEXT, FLAG, MODE, ENGINE };

/* One row an option: parsing, help and limits come from here. */
static const struct option_row {
	const char *name;
	enum kind kind;
	size_t offset;
	uint64_t min, max;
	const char *arg;
	const char *help;
} rows[] = {
#define AT(field) offsetof(struct load_options, field)
	{ "file", TEXT, AT(file), 0, 0, "PATH", "block device (or file with --buffered)" },
	{ "seconds", NUMBER, AT(secs), 0, UINT32_MAX, "N", "end after N seconds" },
	{ "until", TEXT, AT(until), 0, 0, "PATH", "end when PATH exists" },
	{ "threads", NUMBER, AT(threads), 1, 256, "N", "threads (4)" },
	{ "depth", NUMBER, AT(depth), 1, 1024, "N", "I/Os in flight a thread (8)" },
	{ "offset", NUMBER, AT(offset_bytes), 0, UINT64_MAX, "BYTES", "start of the area (0)" },
	{ "size", NUMBER, AT(size_bytes), 0, UINT64_MAX, "BYTES", "size of the area (all)" },
	{ "bs", NUMBER, AT(block_bytes), PATTERN_BLOCK_MIN_BYTES, 1 << 20, "BYTES",
	  "block size (4k)" },
	{ "rwmix", NUMBER, AT(write_percent), 0, 100, "PERCENT", "share of writes (50)" },
	{ "mode", MODE, AT(mode), 0, 0, "MODE", "normal, nowait or polled" },
	{ "engine", ENGINE, AT(engine), 0, 0, "ENGINE", "uring, or sync (one I/O a thread)" },
	{ "error-backoff-us", NUMBER, AT(error_backoff_usec), 0, 60000000, "US",
	  "rest after a failed I/O (0)" },
	{ "eagain-backoff-us", NUMBER, AT(eagain_backoff_usec), 0, 60000000, "US",
	  "rest before EAGAIN is tried again (100)" },
	{ "drain-timeout", NUMBER, AT(drain_timeout_secs), 0, 3600, "SECS",
	  "an I/O is stuck when at the end it takes longer (30)" },
	{ "seed", NUMBER, AT(seed), 0, UINT64_MAX, "N", "of the random sequence (time)" },
	{ "fill", FLAG, AT(fill), 0, 0, NULL, "write every block once first" },
	{ "verify", FLAG, AT(verify), 0, 0, NULL, "read every written block at the end" },
	{ "buffered", FLAG, AT(buffered), 0, 0, NULL, "no O_DIRECT" },
	{ "json", FLAG, AT(json), 0, 0, NULL, "the verdict as JSON" },
	{ "progress", FLAG, AT(progress), 0, 0, NULL, "a line a second on stderr" },
#undef AT
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))
#define OPT_HELP 1000
#define OPT_VERSION 1001

static void print_help(void)
{
	printf("nvmpath-load --file=PATH [OPTION...]\n\n"
	       "Random reads and writes whose content is verified; never gives up at errors.\n"
	       "Everything in the area is overwritten. Ends at --seconds, --until, SIGINT or\n"
	       "SIGTERM, with a verdict; the exit code is 0 whenever it ran.\n\n");
	for (size_t i = 0; i < N_ROWS; i++) {
		char left[40];

		(void) snprintf(left, sizeof(left), "--%s%s%s", rows[i].name,
				rows[i].arg ? "=" : "", rows[i].arg ?: "");
		printf("  %-24s %s\n", left, rows[i].help);
	}
	printf("  %-24s this text\n  %-24s the version\n", "--help", "--version");
}

static int bad(const struct option_row *row, const char *value)
{
	fprintf(stderr, "nvmpath-load: --%s=%s: not a valid value (%s)\n",
		row->name, value, row->help);
	return -EINVAL;
}

static int set_option(struct load_options *o, const struct option_row *row, const char *value)
{
	void *at = (char *) o + row->offset;
	uint64_t number;
	int word;

	switch (row->kind) {
	case TEXT:
		*(const char **) at = value;
		return 0;
	case FLAG:
		*(bool *) at = true;
		return 0;
	case NUMBER:
		if (parse_size(value, &number) < 0 || number < row->min || number > row->max)
			return bad(row, value);
		*(uint64_t *) at = number;
		return 0;
	case MODE:
		word = (int) load_mode_from_string(value);
		if (word < 0)
			return bad(row, value);
		*(enum load_mode *) at = (enum load_mode) word;
		return 0;
	case ENGINE:
		word = (int) load_engine_from_string(value);
		if (word < 0)
			return bad(row, value);
		*(enum load_engine *) at = (enum load_engine) word;
		return 0;
	}
	return -EINVAL;
}

static void long_options(struct option *ret)
{
	for (size_t i = 0; i < N_ROWS; i++)
		*ret++ = (struct option) {
			rows[i].name, rows[i].arg ? required_argument : no_argument,
			NULL, (int) i,
		};
	*ret++ = (struct option) { "help", no_argument, NULL, OPT_HELP };
	*ret++ = (struct option) { "version", no_argument, NULL, OPT_VERSION };
	*ret = (struct option) { 0 };
}

static int check(const struct load_options *o)
{
	const char *what = NULL;

	if (!o->file)
		what = "--file is missing";
	else if (o->block_bytes & (o->block_bytes - 1))
		what = "--bs must be a power of two";
	else if (o->offset_bytes % o->block_bytes)
		what = "--offset must be a multiple of --bs";
	if (!what)
		return 0;
	fprintf(stderr, "nvmpath-load: %s\n", what);
	return -EINVAL;
}

int options_parse(int argc, char *argv[], struct load_options *ret)
{
	struct load_options o = {
		.block_bytes = 4096,
		.threads = 4,
		.depth = 8,
		.write_percent = 50,
		.eagain_backoff_usec = 100,
		.drain_timeout_secs = 30,
	};
	struct option longs[N_ROWS + 3];
	int c, r;

	long_options(longs);
	while ((c = getopt_long(argc, argv, "", longs, NULL)) >= 0) {
		if (c == OPT_HELP)
			return print_help(), 1;
		if (c == OPT_VERSION)
			return puts("nvmpath-load " NVMPATH_VERSION), 1;
		if (c == '?')
			return -EINVAL;
		r = set_option(&o, &rows[c], optarg);
		if (r < 0)
			return r;
	}
	if (optind < argc) {
		fprintf(stderr, "nvmpath-load: %s: unexpected argument\n", argv[optind]);
		return -EINVAL;
	}
	r = check(&o);
	if (r < 0)
		return r;
	*ret = o;
	return 0;
}
