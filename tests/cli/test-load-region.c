/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "region.h"

static void test_a_block_has_one_io_at_a_time(void **state)
{
	struct region r;
	size_t a, b, c;

	(void) state;
	assert_int_equal(region_init(&r, 100, 2), 0);
	assert_int_equal(region_take(&r, 1, &a), 0);
	assert_int_equal(region_take(&r, 1, &b), 0);
	assert_int_not_equal(a, b);
	assert_int_equal(region_take(&r, 1, &c), -EAGAIN);
	region_put(&r, a);
	assert_int_equal(region_take(&r, 5, &c), 0);
	assert_int_equal(c, a);
	region_done(&r);
}

static void test_unwritten_block_may_hold_anything(void **state)
{
	struct pattern_expect e;
	struct region r;

	(void) state;
	assert_int_equal(region_init(&r, 0, 1), 0);
	assert_false(region_expect(&r, 0, &e));
	(void) region_write_begin(&r, 0);
	assert_false(region_expect(&r, 0, &e));
	region_done(&r);
}

static void test_failed_writes_widen_what_is_allowed(void **state)
{
	struct pattern_expect e = { 0 };
	struct region r;
	uint32_t g;

	(void) state;
	assert_int_equal(region_init(&r, 100, 4), 0);
	g = region_write_begin(&r, 2);
	region_write_succeeded(&r, 2, g);
	assert_true(region_expect(&r, 2, &e));
	assert_int_equal(e.lba, 102);
	assert_int_equal(e.oldest, 1);
	assert_int_equal(e.newest, 1);
	(void) region_write_begin(&r, 2);
	(void) region_write_begin(&r, 2);
	assert_true(region_expect(&r, 2, &e));
	assert_int_equal(e.oldest, 1);
	assert_int_equal(e.newest, 3);
	g = region_write_begin(&r, 2);
	region_write_succeeded(&r, 2, g);
	assert_true(region_expect(&r, 2, &e));
	assert_int_equal(e.oldest, 4);
	assert_int_equal(e.newest, 4);
	region_done(&r);
}

static void test_verify_pass_visits_known_blocks_once(void **state)
{
	struct region r;
	size_t at;

	(void) state;
	assert_int_equal(region_init(&r, 0, 4), 0);
	region_write_succeeded(&r, 1, region_write_begin(&r, 1));
	region_write_succeeded(&r, 3, region_write_begin(&r, 3));
	(void) region_write_begin(&r, 2);
	assert_int_equal(region_count_known(&r), 2);
	assert_int_equal(region_take_verify(&r, &at), 0);
	assert_int_equal(at, 1);
	assert_int_equal(region_take_verify(&r, &at), 0);
	assert_int_equal(at, 3);
	assert_int_equal(region_take_verify(&r, &at), -ENOENT);
	region_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_block_has_one_io_at_a_time),
		cmocka_unit_test(test_unwritten_block_may_hold_anything),
		cmocka_unit_test(test_failed_writes_widen_what_is_allowed),
		cmocka_unit_test(test_verify_pass_visits_known_blocks_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
