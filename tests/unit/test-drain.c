/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check.h"
#include "core/drain.h"

static void test_quiet_means_five_zeros_that_are_apart(void **state)
{
	struct drain d = DRAIN_INIT;
	uint64_t now = 1;

	(void) state;
	for (int i = 0; i < DRAIN_SAMPLES - 1; i++, now += DRAIN_APART_USEC)
		assert_false(drain_sample(&d, 0, now));
	assert_true(drain_sample(&d, 0, now));
}

static void test_zeros_close_together_count_once(void **state)
{
	struct drain d = DRAIN_INIT;

	(void) state;
	for (uint64_t now = 1; now < DRAIN_APART_USEC; now += 100)
		assert_false(drain_sample(&d, 0, now));
	assert_int_equal(d.zeros, 1);
}

static void test_one_request_begins_the_count_anew(void **state)
{
	struct drain d = DRAIN_INIT;
	uint64_t now = 1;

	(void) state;
	for (int i = 0; i < DRAIN_SAMPLES - 1; i++, now += DRAIN_APART_USEC)
		assert_false(drain_sample(&d, 0, now));
	assert_false(drain_sample(&d, 3, now));
	assert_int_equal(d.peak, 3);
	for (int i = 0; i < DRAIN_SAMPLES - 1; i++) {
		now += DRAIN_APART_USEC;
		assert_false(drain_sample(&d, 0, now));
	}
	assert_true(drain_sample(&d, 0, now + DRAIN_APART_USEC));
}

static void test_what_cannot_be_read_is_not_zero(void **state)
{
	struct drain d = DRAIN_INIT;

	(void) state;
	assert_false(drain_sample(&d, 0, 1));
	assert_false(drain_sample(&d, -1, 20001));
	assert_int_equal(d.zeros, 0);
	assert_int_equal(d.inflight, -1);
	assert_int_equal(d.peak, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet_means_five_zeros_that_are_apart),
		cmocka_unit_test(test_zeros_close_together_count_once),
		cmocka_unit_test(test_one_request_begins_the_count_anew),
		cmocka_unit_test(test_what_cannot_be_read_is_not_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
