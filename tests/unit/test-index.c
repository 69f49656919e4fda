/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/index.h"
#include "check.h"

static uint64_t key_of(size_t i)
{
	return i % 2 ? i : (uint64_t) i << 40;
}

static void test_each_key_finds_its_position(void **state)
{
	struct index x = {};

	(void) state;
	assert_true(index_get(&x, 0) == INDEX_NONE);
	for (size_t i = 0; i < 5000; i++) {
		assert_true(index_get(&x, key_of(i)) == INDEX_NONE);
		assert_int_equal(index_put(&x, key_of(i), i), 0);
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(index_get(&x, key_of(i)), i);
	assert_true(x.size >= 2 * x.n);		/* or a search could have no end */
	index_done(&x);
}

static void test_a_cleared_one_is_empty(void **state)
{
	struct index x = {};

	(void) state;
	index_clear(&x);
	assert_int_equal(index_put(&x, 7, 1), 0);
	index_clear(&x);
	assert_true(index_get(&x, 7) == INDEX_NONE);
	assert_int_equal(index_put(&x, 7, 2), 0);
	assert_int_equal(index_get(&x, 7), 2);
	index_done(&x);
	assert_true(index_get(&x, 7) == INDEX_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_key_finds_its_position),
		cmocka_unit_test(test_a_cleared_one_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
