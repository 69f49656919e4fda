/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "options.h"

static void test_sizes_take_binary_suffixes(void **state)
{
	uint64_t v;

	(void) state;
	assert_int_equal(parse_size("4096", &v), 0);
	assert_int_equal(v, 4096);
	assert_int_equal(parse_size("4k", &v), 0);
	assert_int_equal(v, 4096);
	assert_int_equal(parse_size("64M", &v), 0);
	assert_int_equal(v, 64 << 20);
	assert_int_equal(parse_size("1g", &v), 0);
	assert_int_equal(v, 1 << 30);
}

static void test_bad_sizes_are_refused(void **state)
{
	uint64_t v;

	(void) state;
	assert_int_equal(parse_size("", &v), -EINVAL);
	assert_int_equal(parse_size("-1", &v), -EINVAL);
	assert_int_equal(parse_size("4kb", &v), -EINVAL);
	assert_int_equal(parse_size("4x", &v), -EINVAL);
	assert_int_equal(parse_size("99999999999999999999", &v), -ERANGE);
	assert_int_equal(parse_size("99999999999t", &v), -ERANGE);
}

static void test_words_round_trip(void **state)
{
	(void) state;
	for (int i = 0; i < _MODE_MAX; i++)
		assert_int_equal(load_mode_from_string(load_mode_to_string((enum load_mode) i)),
				 i);
	for (int i = 0; i < _ENGINE_MAX; i++)
		assert_int_equal(load_engine_from_string(
			load_engine_to_string((enum load_engine) i)), i);
	assert_int_equal(load_mode_from_string("fast"), _MODE_INVALID);
	assert_int_equal(load_engine_from_string("aio"), _ENGINE_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes_take_binary_suffixes),
		cmocka_unit_test(test_bad_sizes_are_refused),
		cmocka_unit_test(test_words_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
