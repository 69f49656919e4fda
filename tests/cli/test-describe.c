/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "build-model.h"
#include "describe.h"
#include "util.h"

static void test_health_follows_the_usable_paths(void **state)
{
	static const char * const paths[] = { "a", "b", "c" };
	static const struct { size_t n; unsigned int usable; enum health health; } rows[] = {
		{ 3, 3, HEALTH_OK }, { 3, 2, HEALTH_DEGRADED }, { 3, 1, HEALTH_LAST_PATH },
		{ 1, 1, HEALTH_LAST_PATH }, { 3, 0, HEALTH_NO_PATH }, { 0, 0, HEALTH_UNKNOWN },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(model_done) struct model m = { 0 };
		const struct namespace *ns = build_head(&m, paths, rows[i].n, rows[i].usable);

		assert_int_equal(namespace_health(ns), rows[i].health);
		assert_int_equal(model_health(&m), rows[i].health);
	}
}

static void assert_condition(const struct model *m, const struct path *p, const char *text)
{
	_cleanup_free_ char *got = path_condition(m, p, 3600000000);

	assert_string_equal(got, text);
}

static void test_a_hold_names_owner_reason_and_age(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	struct path *p = build_path(&m, 1, "optimized", false);

	(void) state;
	model_finish(&m);
	set_text(&p->admin_state, "hold");
	set_text(&p->path_state, "held");
	assert_condition(&m, p, "HELD");
	set_text(&p->hold_owner, "uid 0");
	set_text(&p->hold_reason, "swap");
	p->hold_since_usec = 1800000000;
	assert_condition(&m, p, "HELD by uid 0 \"swap\" for 30 min");
	set_text(&p->removal, "4");
	set_text(&p->path_state, "held ctrl_down ana_change");
	assert_condition(&m, p, "HELD by removal 4 \"swap\" for 30 min, controller live, "
			 "ANA change");
}

static void test_reasons_are_told_in_words(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	struct path *p = build_path(&m, 1, "optimized", false);

	(void) state;
	model_finish(&m);
	set_text(&p->path_state, "ctrl_down ana_pending something_new");
	assert_condition(&m, p, "controller live, ANA read pending, something_new");
	set_text(&p->path_state, "");
	assert_condition(&m, p, "not usable");
}

static void test_non_optimized_path_is_standby_only_beside_an_optimized_one(void **state)
{
	static const char * const paths[] = { "nvme0c1n1", "nvme0c2n1" };
	_cleanup_(model_done) struct model m = { 0 };
	struct path *best = build_path(&m, 1, "optimized", true);
	struct path *other = build_path(&m, 2, "non-optimized", true);

	(void) state;
	(void) build_head(&m, paths, 2, 2);
	model_finish(&m);
	assert_condition(&m, best, "usable");
	assert_condition(&m, other, "standby");
	best->usable = false;
	assert_condition(&m, other, "usable");
}

static void test_resting_states_are_over(void **state)
{
	static const struct { const char *word; bool over; } rows[] = {
#define X(suffix, word, rests) { word, rests },
		NVMPATH_REMOVAL_STATES(X)
#undef X
		{ "a state from the future", false },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct removal r = { .state = (char *) rows[i].word };

		assert_int_equal(removal_is_over(&r), rows[i].over);
	}
}

static void test_every_reason_of_the_kernel_has_a_sentence(void **state)
{
	static const char * const words[] = {
#define X(suffix, word) word,
		NVMPATH_PATH_REASONS(X)
#undef X
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		assert_ptr_not_equal(reason_sentence(words[i]), words[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_health_follows_the_usable_paths),
		cmocka_unit_test(test_a_hold_names_owner_reason_and_age),
		cmocka_unit_test(test_reasons_are_told_in_words),
		cmocka_unit_test(test_non_optimized_path_is_standby_only_beside_an_optimized_one),
		cmocka_unit_test(test_resting_states_are_over),
		cmocka_unit_test(test_every_reason_of_the_kernel_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
