/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "args.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "verbs.h"

enum {
	OPT_BUS = 1000,
	OPT_JSON,
	OPT_NO_LEGEND,
	OPT_NO_PAGER,
	OPT_REASON,
	OPT_TIMEOUT,
	OPT_VERSION,
};

static const struct option longs[] = {
	{ "bus",	required_argument,	NULL, OPT_BUS },
	{ "json",	required_argument,	NULL, OPT_JSON },
	{ "no-legend",	no_argument,		NULL, OPT_NO_LEGEND },
	{ "no-pager",	no_argument,		NULL, OPT_NO_PAGER },
	{ "quiet",	no_argument,		NULL, 'q' },
	{ "reason",	required_argument,	NULL, OPT_REASON },
	{ "timeout",	required_argument,	NULL, OPT_TIMEOUT },
	{ "help",	no_argument,		NULL, 'h' },
	{ "version",	no_argument,		NULL, OPT_VERSION },
	{ NULL },
};

static void print_help(void)
{
	(void) puts("nvmpathctl [OPTION...] [VERB] [OBJECT]\n\n"
		    "Planned removal of NVMe multipath paths without I/O errors.\n\nVerbs:");
	verbs_print_help();
	(void) puts("\nOBJECT is a path (nvme1c3n1), a controller (nvme3), a namespace head\n"
		    "(nvme1n1), a subsystem (nvme-subsys1) or a subsystem's NQN.\n\n"
		    "Options:\n"
		    "     --json=short|pretty   JSON on one line, or for reading\n"
		    "     --reason=TEXT         why: kept with the hold and shown to others\n"
		    "     --timeout=TIME        for the drain: 30, 30s, 500ms, 2min (default 30s)\n"
		    "     --no-legend           no column heads and no summary\n"
		    "     --no-pager            accepted; there is no pager\n"
		    "  -q --quiet               only errors\n"
		    "     --bus=ADDRESS         another bus than the system's\n"
		    "  -h --help                this text\n"
		    "     --version             the version\n\n"
		    "Exit codes: 0 done, 1 failure, 2 usage, 3 no such object, 4 refused,\n"
		    "5 drain timed out, 6 not authorised, 7 daemon not running, 8 kernel lacks it.");
}

static int bad(const char *option, const char *value, const char *want)
{
	fprintf(stderr, "nvmpathctl: --%s=%s: %s\n", option, value, want);
	return -EINVAL;
}

static int set_json(struct args *a, const char *value)
{
	if (!strcmp(value, "short"))
		a->json = JSON_SHORT;
	else if (!strcmp(value, "pretty"))
		a->json = JSON_PRETTY;
	else if (!strcmp(value, "off"))
		a->json = JSON_OFF;
	else
		return bad("json", value, "expected short or pretty");
	return 0;
}

static int set_timeout(struct args *a, const char *value)
{
	if (parse_timeout(value, &a->timeout_usec) < 0 || !a->timeout_usec)
		return bad("timeout", value, "expected a time such as 30s, 500ms or 2min");
	return 0;
}

/* 1: ends here, all was said. */
static int set_option(struct args *a, int c, const char *value)
{
	switch (c) {
	case OPT_BUS:
		a->bus_address = value;
		return 0;
	case OPT_JSON:
		return set_json(a, value);
	case OPT_NO_LEGEND:
		a->no_legend = true;
		return 0;
	case OPT_NO_PAGER:
		return 0;
	case OPT_REASON:
		a->reason = value;
		return 0;
	case OPT_TIMEOUT:
		return set_timeout(a, value);
	case 'q':
		a->quiet = true;
		return 0;
	case 'h':
		print_help();
		return 1;
	case OPT_VERSION:
		(void) puts("nvmpathctl " NVMPATH_VERSION);
		return 1;
	default:
		return -EINVAL;
	}
}

int args_parse(int argc, char *argv[], struct args *ret)
{
	struct args a = { .reason = "" };
	int c, r;

	while ((c = getopt_long(argc, argv, "hq", longs, NULL)) >= 0) {
		r = set_option(&a, c, optarg);
		if (r)
			return r;
	}
	a.n_words = argc - optind;
	a.words = argv + optind;
	*ret = a;
	return 0;
}
