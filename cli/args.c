/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "args.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "text.h"
#include "top-rows.h"
#include "util.h"
#include "verbs.h"
#include "when.h"

enum {
	OPT_BOUND = 1000,
	OPT_BUS,
	OPT_EXCLUDE,
	OPT_FORCE,
	OPT_JSON,
	OPT_KEEP_HELD,
	OPT_NO_LEGEND,
	OPT_NO_PAGER,
	OPT_REASON,
	OPT_SINCE,
	OPT_SORT,
	OPT_SURVIVES,
	OPT_TEXTFILE,
	OPT_TIMEOUT,
	OPT_TTL,
	OPT_UNTIL,
	OPT_VERSION,
};

static const struct option longs[] = {
	{ "batch",	no_argument,		NULL, 'b' },
	{ "bound",	no_argument,		NULL, OPT_BOUND },
	{ "bus",	required_argument,	NULL, OPT_BUS },
	{ "delay",	required_argument,	NULL, 'd' },
	{ "exclude",	no_argument,		NULL, OPT_EXCLUDE },
	{ "force",	no_argument,		NULL, OPT_FORCE },
	{ "help",	no_argument,		NULL, 'h' },
	{ "host",	required_argument,	NULL, 'H' },
	{ "json",	required_argument,	NULL, OPT_JSON },
	{ "keep-held",	no_argument,		NULL, OPT_KEEP_HELD },
	{ "lines",	required_argument,	NULL, 'n' },
	{ "no-legend",	no_argument,		NULL, OPT_NO_LEGEND },
	{ "no-pager",	no_argument,		NULL, OPT_NO_PAGER },
	{ "output",	required_argument,	NULL, 'o' },
	{ "quiet",	no_argument,		NULL, 'q' },
	{ "reason",	required_argument,	NULL, OPT_REASON },
	{ "since",	required_argument,	NULL, OPT_SINCE },
	{ "sort",	required_argument,	NULL, OPT_SORT },
	{ "survives",	required_argument,	NULL, OPT_SURVIVES },
	{ "textfile",	required_argument,	NULL, OPT_TEXTFILE },
	{ "timeout",	required_argument,	NULL, OPT_TIMEOUT },
	{ "ttl",	required_argument,	NULL, OPT_TTL },
	{ "until",	required_argument,	NULL, OPT_UNTIL },
	{ "version",	no_argument,		NULL, OPT_VERSION },
	{ NULL },
};

/* With the verbs, no more than a terminal of 24 lines shows. */
static void print_help(void)
{
	(void) puts("nvmpathctl [OPTION...] [VERB] [OBJECT]      NVMe multipath: see, hold, "
		    "take out");
	verbs_print_help();
	(void) puts("OBJECT: nvme1c3n1, nvme3, nvme1n1, nvme-subsys1, an NQN, traddr=, host-traddr=,\n"
		    "   host-iface=, pci=0000:01:00.0. Heads and subsystems are only looked at.\n"
		    " --json=short|pretty  -o COLUMN,...  --no-legend  --no-pager  -q --quiet\n"
		    " --since=TIME --until=TIME   2h (ago), yesterday, '2026-11-22 14:00', @SECS\n"
		    " --reason=TEXT  --timeout=TIME of the drain (30s)  --ttl=TIME of a hold\n"
		    " --bound  end the hold when this ends    --keep-held  remove: hold, not detach\n"
		    " --force  below the floor, on record     --exclude  remove: tell nvme-cli\n"
		    " -d TIME  -b --batch  -n LINES  --sort=KEY  --survives=OBJECT  --textfile=PATH\n"
		    " -H HOST[,HOST...]  --bus=ADDRESS        -h  --version  man nvmpathctl: all\n"
		    "Exit: 0 done, 1 failure, 2 usage, 3 no such object, 4 refused, 5 drain timed\n"
		    "out, 6 not authorised, 7 nvmpathd not running, 8 kernel lacks the attribute.");
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

static int set_span(const char *option, const char *value, uint64_t *ret)
{
	if (parse_timeout(value, ret) < 0 || !*ret)
		return bad(option, value, "expected a time such as 30s, 500ms or 2min");
	return 0;
}

static int set_moment(const char *option, const char *value, uint64_t *ret)
{
	if (parse_moment(value, now_realtime_usec(), ret) < 0)
		return bad(option, value, "expected a time such as 2h, yesterday, 14:30 or "
			   "'2026-11-22 14:30:00'");
	return 0;
}

static int set_lines(struct args *a, const char *value)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*end || !*value || *value == '-' || !n || n > UINT32_MAX)
		return bad("lines", value, "expected a number above 0");
	a->lines = (uint32_t) n;
	return 0;
}

static int set_sort(struct args *a, const char *value)
{
	a->sort = top_sort_from_string(value);
	if (a->sort < 0)
		return bad("sort", value, "expected condition, failovers, redirects, inflight "
			   "or name");
	return 0;
}

/* HOST[,HOST...]; the value lives as long as we do. */
static int add_hosts(struct args *a, char *value)
{
	char *save = NULL;

	for (char *h = strtok_r(value, ",", &save); h; h = strtok_r(NULL, ",", &save)) {
		if (*h == '-' || a->n_hosts == HOSTS_MAX)
			return bad("host", h, "expected up to 64 names or USER@HOST");
		a->hosts[a->n_hosts++] = h;
	}
	return a->n_hosts ? 0 : bad("host", "", "expected HOST or USER@HOST");
}

/* Options that only set a switch. */
static bool set_switch(struct args *a, int c)
{
	switch (c) {
	case 'b':
		a->batch = true;
		return true;
	case 'q':
		a->quiet = true;
		return true;
	case OPT_BOUND:
		a->flags |= NVMPATH_FLAG_LEASE;
		return true;
	case OPT_EXCLUDE:
		a->flags |= NVMPATH_FLAG_EXCLUDE;
		return true;
	case OPT_FORCE:
		a->flags |= NVMPATH_FLAG_FORCE;
		return true;
	case OPT_KEEP_HELD:
		a->flags |= NVMPATH_FLAG_KEEP_HELD;
		return true;
	case OPT_NO_LEGEND:
		a->no_legend = true;
		return true;
	case OPT_NO_PAGER:
		a->no_pager = true;
		return true;
	default:
		return false;
	}
}

static bool set_text(struct args *a, int c, const char *value)
{
	switch (c) {
	case 'o':
		a->columns = value;
		return true;
	case OPT_BUS:
		a->bus_address = value;
		return true;
	case OPT_REASON:
		a->reason = value;
		return true;
	case OPT_SURVIVES:
		a->survives = value;
		return true;
	case OPT_TEXTFILE:
		a->textfile = value;
		return true;
	default:
		return false;
	}
}

/* 1: ends here, all was said. */
static int set_option(struct args *a, int c, char *value)
{
	if (set_switch(a, c) || set_text(a, c, value))
		return 0;
	switch (c) {
	case OPT_JSON:
		return set_json(a, value);
	case OPT_TIMEOUT:
		return set_span("timeout", value, &a->timeout_usec);
	case OPT_TTL:
		return set_span("ttl", value, &a->ttl_usec);
	case 'd':
		return set_span("delay", value, &a->interval_usec);
	case OPT_SINCE:
		return set_moment("since", value, &a->since_usec);
	case OPT_UNTIL:
		return set_moment("until", value, &a->until_usec);
	case OPT_SORT:
		return set_sort(a, value);
	case 'n':
		return set_lines(a, value);
	case 'H':
		return add_hosts(a, value);
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
	int c, r = 0;

	*ret = (struct args) { .reason = "" };
	while (r <= 0 && (c = getopt_long(argc, argv, "bd:hH:n:o:q", longs, NULL)) >= 0) {
		int found = set_option(ret, c, optarg);

		/* goes on, as whose options they are stands behind them */
		r = found ?: r;
	}
	ret->n_words = argc - optind;
	ret->words = argv + optind;
	return r;
}
