/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

static const char *errno_name(int err, char buf[static 16])
{
	const char *name = strerrorname_np(err);

	if (name)
		return name;
	(void) snprintf(buf, 16, "E%d", err);
	return buf;
}

static void put_u64(struct json_object *o, const char *key, uint64_t v)
{
	(void) json_object_object_add(o, key, json_object_new_uint64(v));
}

static void put_text(struct json_object *o, const char *key, const char *v)
{
	(void) json_object_object_add(o, key, json_object_new_string(v));
}

static void put_bool(struct json_object *o, const char *key, bool v)
{
	(void) json_object_object_add(o, key, json_object_new_boolean(v));
}

static struct json_object *errors_json(const struct tally *t)
{
	struct json_object *o = json_object_new_object();
	char buf[16];

	for (int e = 1; e < TALLY_ERRNO_MAX; e++)
		if (t->errors[e])
			put_u64(o, errno_name(e, buf), t->errors[e]);
	if (t->short_ios)
		put_u64(o, "SHORT", t->short_ios);
	return o;
}

static struct json_object *miscompares_json(const struct tally *t)
{
	struct json_object *list = json_object_new_array();

	for (uint64_t i = 0; i < t->miscompares && i < TALLY_MISCOMPARES_KEPT; i++) {
		const struct miscompare *m = &t->kept[i];
		struct json_object *o = json_object_new_object();

		put_text(o, "what", pattern_verdict_to_string(m->verdict));
		put_u64(o, "lba", m->lba);
		put_u64(o, "expected_oldest", m->oldest);
		put_u64(o, "expected_newest", m->newest);
		put_u64(o, "found_lba", m->found_lba);
		put_u64(o, "found_generation", m->found_generation);
		put_u64(o, "at_us", m->at_usec);
		(void) json_object_array_add(list, o);
	}
	return list;
}

static void put_setup(struct json_object *o, const struct load_options *opt,
		      const struct load_result *r)
{
	put_text(o, "file", opt->file);
	put_text(o, "mode", load_mode_to_string(opt->mode));
	put_text(o, "engine", load_engine_to_string(opt->engine));
	put_bool(o, "mode_supported", r->mode_supported);
	put_bool(o, "direct", !opt->buffered);
	put_u64(o, "threads", opt->threads);
	put_u64(o, "depth", opt->engine == ENGINE_SYNC ? 1 : opt->depth);
	put_u64(o, "block_bytes", opt->block_bytes);
	put_u64(o, "area_bytes", r->area_bytes);
	put_u64(o, "seed", opt->seed);
	put_u64(o, "started_us", r->started_usec);
	put_u64(o, "run_us", r->run_usec);
}

static void put_counts(struct json_object *o, const struct tally *t)
{
	put_u64(o, "ios", t->ios);
	put_u64(o, "reads", t->reads);
	put_u64(o, "writes", t->writes);
	put_u64(o, "failed", t->failed);
	(void) json_object_object_add(o, "errors", errors_json(t));
	put_u64(o, "eagain_retries", t->eagain_retries);
	put_u64(o, "verified_reads", t->verified);
	put_u64(o, "unverified_reads", t->unverified);
	put_u64(o, "miscompares", t->miscompares);
	(void) json_object_object_add(o, "first_miscompares", miscompares_json(t));
}

static void put_times(struct json_object *o, const struct load_result *r)
{
	const struct tally *t = &r->tally;
	char buf[16];

	put_u64(o, "longest_us", t->longest_usec);
	put_u64(o, "longest_at_us", t->longest_at_usec);
	put_text(o, "longest_result",
		 t->longest_errno > 0 ? errno_name(t->longest_errno, buf) :
		 t->longest_errno < 0 ? "SHORT" : "ok");
	put_u64(o, "p50_us", histogram_percentile(&t->latency, 500));
	put_u64(o, "p99_us", histogram_percentile(&t->latency, 990));
	put_u64(o, "p99_9_us", histogram_percentile(&t->latency, 999));
	put_u64(o, "stuck", r->stuck);
	put_u64(o, "stuck_longest_us", r->stuck_longest_usec);
}

static void put_verify(struct json_object *o, const struct load_options *opt,
		       const struct load_result *r)
{
	struct json_object *v = NULL;

	if (opt->verify) {
		v = json_object_new_object();
		put_u64(v, "known_blocks", r->known_blocks);
		put_u64(v, "blocks", r->tally.verify_blocks);
		put_u64(v, "unreadable", r->tally.verify_unreadable);
	}
	(void) json_object_object_add(o, "verify", v);
}

int report_json(const struct load_options *options, const struct load_result *result)
{
	struct json_object *o = json_object_new_object();
	char buf[16];

	if (!o)
		return -ENOMEM;
	put_setup(o, options, result);
	put_counts(o, &result->tally);
	put_times(o, result);
	put_verify(o, options, result);
	(void) json_object_object_add(o, "broken", !result->broken ? NULL :
		json_object_new_string(errno_name(-result->broken, buf)));
	(void) puts(json_object_to_json_string_ext(o, JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
	return 0;
}

static void print_usec(const char *what, uint64_t usec)
{
	printf("  %-12s %" PRIu64 ".%03" PRIu64 " ms\n", what, usec / 1000, usec % 1000);
}

static void print_errors(const struct tally *t)
{
	char buf[16];

	for (int e = 1; e < TALLY_ERRNO_MAX; e++)
		if (t->errors[e])
			printf("  %-12s %" PRIu64 "\n", errno_name(e, buf), t->errors[e]);
	if (t->short_ios)
		printf("  %-12s %" PRIu64 "\n", "short", t->short_ios);
}

static void print_miscompares(const struct tally *t)
{
	for (uint64_t i = 0; i < t->miscompares && i < TALLY_MISCOMPARES_KEPT; i++) {
		const struct miscompare *m = &t->kept[i];

		printf("  miscompare   lba %" PRIu64 ": %s, expected generation %" PRIu64
		       " to %" PRIu64 ", found %" PRIu64 " of lba %" PRIu64 "\n",
		       m->lba, pattern_verdict_to_string(m->verdict), m->oldest, m->newest,
		       m->found_generation, m->found_lba);
	}
}

void report_text(const struct load_options *options, const struct load_result *result)
{
	const struct tally *t = &result->tally;

	printf("%s: %s, %s: %" PRIu64 " I/Os in %" PRIu64 " s (%" PRIu64 " reads, %" PRIu64
	       " writes), %" PRIu64 " errors, %" PRIu64 " miscompares, %" PRIu64 " stuck\n",
	       options->file, load_mode_to_string(options->mode),
	       load_engine_to_string(options->engine), t->ios, result->run_usec / 1000000,
	       t->reads, t->writes, t->failed, t->miscompares, result->stuck);
	if (!result->mode_supported)
		printf("  the device does not support mode %s: nothing succeeded\n",
		       load_mode_to_string(options->mode));
	if (result->broken)
		printf("  broken       %s\n", strerror(-result->broken));
	print_errors(t);
	print_miscompares(t);
	if (t->eagain_retries)
		printf("  %-12s %" PRIu64 " (tried again)\n", "EAGAIN", t->eagain_retries);
	print_usec("longest", t->longest_usec);
	if (result->stuck)
		print_usec("stuck for", result->stuck_longest_usec);
	print_usec("p50", histogram_percentile(&t->latency, 500));
	print_usec("p99", histogram_percentile(&t->latency, 990));
	print_usec("p99.9", histogram_percentile(&t->latency, 999));
	if (options->verify)
		printf("  verified     %" PRIu64 " of %" PRIu64 " blocks, %" PRIu64
		       " unreadable\n", t->verify_blocks, result->known_blocks,
		       t->verify_unreadable);
}
