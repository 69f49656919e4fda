/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "build-model.h"
#include "util.h"
#include "verdict.h"

static const char * const both[] = { "nvme0c1n1", "nvme0c2n1" };
static const char * const head[] = { "nvme0n1" };

/* Two paths; the removal is of the first. */
static void set_up(struct model *m, struct removal **ret, const char *kind,
		   const char *word, const char *ana_of_other)
{
	struct removal *r;

	(void) build_path(m, 1, "optimized", true);
	(void) build_path(m, 2, ana_of_other, true);
	(void) build_head(m, both, 2, 2);
	r = build(m, KIND_REMOVAL, "1");
	set_text(&r->kind, kind);
	set_text(&r->target, "nvme1");
	set_text(&r->state, word);
	set_list(&r->paths, both, 1);
	set_list(&r->namespaces, head, 1);
	r->held = 1;
	r->in_flight = 0;
	r->in_flight_peak = 143;
	r->started_usec = 1000000;
	r->finished_usec = 1210000;
	model_finish(m);
	*ret = r;
}

static void assert_verdict(const struct model *m, const struct removal *r,
			   enum nvmpath_exit code, const char *text)
{
	_cleanup_free_ char *got = verdict_text(m, r, r->kind);

	assert_string_equal(got, text);
	assert_int_equal(verdict_exit(r, r->kind), code);
}

static void test_drained_says_what_is_held_and_what_is_left(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	struct removal *r;

	(void) state;
	set_up(&m, &r, "drain", "drained", "optimized");
	assert_verdict(&m, r, NVMPATH_EXIT_OK,
		       "drained nvme1: held 1 path; in flight 143 -> 0 in 210 ms; "
		       "1 of 1 namespaces keep an optimized path. "
		       "Safe to remove; it stays held.");
}

static void test_removed_tells_a_path_that_is_not_optimized(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	struct removal *r;

	(void) state;
	set_up(&m, &r, "remove", "detached", "non-optimized");
	assert_verdict(&m, r, NVMPATH_EXIT_OK,
		       "removed nvme1: held 1 path; in flight 143 -> 0 in 210 ms; detached; "
		       "1 of 1 namespaces keep a usable path, 0 an optimized one.");
}

static void test_without_ana_a_usable_path_counts_as_optimized(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	struct removal *r;

	(void) state;
	set_up(&m, &r, "remove", "detached", "");
	assert_verdict(&m, r, NVMPATH_EXIT_OK,
		       "removed nvme1: held 1 path; in flight 143 -> 0 in 210 ms; detached; "
		       "1 of 1 namespaces keep an optimized path.");
}

static void test_drain_timeout_names_what_is_still_held(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	struct removal *r;

	(void) state;
	set_up(&m, &r, "drain", "failed", "optimized");
	r->error = ETIMEDOUT;
	set_text(&r->detail, "5 in flight");
	assert_verdict(&m, r, NVMPATH_EXIT_DRAIN_TIMEOUT,
		       "drain of nvme1 failed: 5 in flight (nvme0c1n1); "
		       "end the hold with: nvmpathctl release nvme1");
}

static void test_rolled_back_removal_has_the_reasons_exit_code(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	struct removal *r;

	(void) state;
	set_up(&m, &r, "remove", "rolled-back", "optimized");
	r->error = -ETIMEDOUT;
	set_text(&r->detail, "too slow");
	assert_verdict(&m, r, NVMPATH_EXIT_DRAIN_TIMEOUT,
		       "removal of nvme1 rolled back: too slow");
	r->error = ECANCELED;
	assert_int_equal(verdict_exit(r, "remove"), NVMPATH_EXIT_FAILURE);
}

static void test_restore_that_left_it_detached_is_not_done(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	_cleanup_free_ char *got = NULL;
	struct removal *r;

	(void) state;
	set_up(&m, &r, "remove", "detached", "optimized");
	set_text(&r->detail, "nothing of it was back");
	got = verdict_text(&m, r, "restore");
	assert_string_equal(got, "restore of nvme1 failed: nothing of it was back; it is detached "
				 "as before; try again with: nvmpathctl restore 1");
	assert_int_equal(verdict_exit(r, "restore"), NVMPATH_EXIT_FAILURE);
	assert_int_equal(verdict_exit(r, "remove"), NVMPATH_EXIT_OK);
}

static void test_refused_removal_is_exit_four_whatever_its_errno(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	struct removal *r;

	(void) state;
	set_up(&m, &r, "remove", "refused", "optimized");
	set_text(&r->detail, "last path");
	assert_verdict(&m, r, NVMPATH_EXIT_REFUSED,
		       "removal of nvme1 refused, nothing was changed: last path");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drained_says_what_is_held_and_what_is_left),
		cmocka_unit_test(test_removed_tells_a_path_that_is_not_optimized),
		cmocka_unit_test(test_without_ana_a_usable_path_counts_as_optimized),
		cmocka_unit_test(test_drain_timeout_names_what_is_still_held),
		cmocka_unit_test(test_rolled_back_removal_has_the_reasons_exit_code),
		cmocka_unit_test(test_restore_that_left_it_detached_is_not_done),
		cmocka_unit_test(test_refused_removal_is_exit_four_whatever_its_errno),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
