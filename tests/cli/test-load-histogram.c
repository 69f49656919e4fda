/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "histogram.h"

static struct histogram h, other;

static int set_up(void **state)
{
	(void) state;
	memset(&h, 0, sizeof(h));
	memset(&other, 0, sizeof(other));
	return 0;
}

static void test_empty_has_no_percentile(void **state)
{
	(void) state;
	assert_int_equal(histogram_percentile(&h, 999), 0);
}

static void test_small_values_are_exact(void **state)
{
	(void) state;
	for (uint64_t v = 1; v <= 30; v++)
		histogram_add(&h, v);
	assert_int_equal(histogram_percentile(&h, 500), 15);
	assert_int_equal(histogram_percentile(&h, 1000), 30);
}

static void test_large_values_are_within_a_sixteenth(void **state)
{
	(void) state;
	for (uint64_t v = 1; v < UINT64_MAX / 3; v = v * 3 + 1) {
		memset(&h, 0, sizeof(h));
		histogram_add(&h, v);
		histogram_add(&h, v * 2);
		assert_true(histogram_percentile(&h, 500) >= v);
		assert_true(histogram_percentile(&h, 500) <= v + v / 16);
	}
}

static void test_percentiles_never_exceed_the_largest(void **state)
{
	(void) state;
	histogram_add(&h, 1000003);
	assert_int_equal(histogram_percentile(&h, 999), 1000003);
	histogram_add(&h, UINT64_MAX);
	assert_int_equal(histogram_percentile(&h, 1000), UINT64_MAX);
}

static void test_a_rare_tail_shows_at_p99_9_only(void **state)
{
	(void) state;
	for (int i = 0; i < 998; i++)
		histogram_add(&h, 10);
	histogram_add(&h, 5000);
	histogram_add(&h, 5000);
	assert_int_equal(histogram_percentile(&h, 990), 10);
	assert_int_equal(histogram_percentile(&h, 999), 5000);
}

static void test_merge_adds(void **state)
{
	(void) state;
	histogram_add(&h, 5);
	histogram_add(&other, 7);
	histogram_add(&other, 9);
	histogram_merge(&h, &other);
	assert_int_equal(h.n, 3);
	assert_int_equal(h.max_usec, 9);
	assert_int_equal(histogram_percentile(&h, 500), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_empty_has_no_percentile, set_up),
		cmocka_unit_test_setup(test_small_values_are_exact, set_up),
		cmocka_unit_test_setup(test_large_values_are_within_a_sixteenth, set_up),
		cmocka_unit_test_setup(test_percentiles_never_exceed_the_largest, set_up),
		cmocka_unit_test_setup(test_a_rare_tail_shows_at_p99_9_only, set_up),
		cmocka_unit_test_setup(test_merge_adds, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
