/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "base/table.h"
#include "check.h"

static void test_copy_cuts_and_terminates(void **state)
{
	char small[4];

	(void) state;
	assert_int_equal(str_copy(small, sizeof(small), "abc"), 3);
	assert_string_equal(small, "abc");
	assert_int_equal(str_copy(small, sizeof(small), "abcd"), -E2BIG);
	assert_string_equal(small, "abc");
	assert_int_equal(str_copy(small, sizeof(small), NULL), 0);
	assert_string_equal(small, "");
}

static void test_append_stays_inside(void **state)
{
	char buf[8] = "";

	(void) state;
	str_append(buf, sizeof(buf), "%d", 123);
	str_append(buf, sizeof(buf), "-%s", "abcdef");
	assert_string_equal(buf, "123-abc");
}

static void test_strip_cuts_both_ends(void **state)
{
	char text[] = " \t live\n ";
	char blank[] = " \n";

	(void) state;
	assert_string_equal(str_strip(text), "live");
	assert_string_equal(str_strip(blank), "");
}

static void test_names_are_ordered_by_number(void **state)
{
	(void) state;
	assert_true(str_compare_natural("nvme2", "nvme10") < 0);
	assert_true(str_compare_natural("nvme10", "nvme2") > 0);
	assert_int_equal(str_compare_natural("nvme1c2n3", "nvme1c2n3"), 0);
	assert_true(str_compare_natural("nvme1c2n3", "nvme1c2n10") < 0);
	assert_true(str_compare_natural("nvme1", "nvme1n1") < 0);
	/* same value, other text: still an order, so that find() is exact */
	assert_int_not_equal(str_compare_natural("nvme01", "nvme1"), 0);
}

static void test_numbers_are_whole_or_refused(void **state)
{
	uint64_t u = 7;
	int64_t s = 7;

	(void) state;
	assert_int_equal(str_to_u64(" 42\n", &u), 0);
	assert_int_equal(u, 42);
	assert_int_equal(str_to_u64("18446744073709551615", &u), 0);
	assert_true(u == UINT64_MAX);
	assert_int_equal(str_to_u64("18446744073709551616", &u), -ERANGE);
	assert_int_equal(str_to_u64("", &u), -EINVAL);
	assert_int_equal(str_to_u64("4x", &u), -EINVAL);
	assert_int_equal(str_to_u64("4 5", &u), -EINVAL);
	assert_int_equal(str_to_u64("-1", &u), -EINVAL);
	assert_int_equal(str_to_u64(NULL, &u), -EINVAL);
	assert_int_equal(str_to_s64("-1", &s), 0);
	assert_int_equal(s, -1);
	assert_int_equal(str_to_s64("9223372036854775808", &s), -ERANGE);
	assert_int_equal(str_to_s64("--1", &s), -EINVAL);
}

static void test_option_is_found_by_whole_key(void **state)
{
	const char *a = "traddr=10.0.0.1,trsvcid=4420,host_traddr=10.0.0.2";
	char v[16];

	(void) state;
	assert_int_equal(str_option(a, "traddr", v, sizeof(v)), 1);
	assert_string_equal(v, "10.0.0.1");
	assert_int_equal(str_option(a, "host_traddr", v, sizeof(v)), 1);
	assert_string_equal(v, "10.0.0.2");
	assert_int_equal(str_option(a, "addr", v, sizeof(v)), 0);
	assert_string_equal(v, "");
	assert_int_equal(str_option(a, "traddr", v, 4), 1);
	assert_string_equal(v, "10.");
	assert_int_equal(str_option("0000:00:04.0", "traddr", v, sizeof(v)), 0);
	assert_int_equal(str_option("", "traddr", v, sizeof(v)), 0);
}

static void test_hash_tells_keys_apart(void **state)
{
	(void) state;
	assert_true(str_hash("a\n1") != str_hash("a\n2"));
	assert_true(str_hash("") == UINT64_C(0xcbf29ce484222325));
}

static void test_table_knows_its_words_only(void **state)
{
	static const char *const words[] = { "a", NULL, "c" };

	(void) state;
	assert_string_equal(table_get(words, 3, 2), "c");
	assert_null(table_get(words, 3, 3));
	assert_null(table_get(words, 3, -EINVAL));
	assert_int_equal(table_find(words, 3, "c"), 2);
	assert_int_equal(table_find(words, 3, "b"), -EINVAL);
	assert_int_equal(table_find(words, 3, NULL), -EINVAL);
}

static void test_log_returns_the_error_it_says(void **state)
{
	(void) state;
	log_set_level(LOG_EMERG);
	assert_int_equal(log_error_errno(-ENOENT, "not shown: %m"), -ENOENT);
	assert_int_equal(log_error_errno(ENOENT, "not shown: %m"), -ENOENT);
	assert_int_equal(log_level_from_string("debug"), LOG_DEBUG);
	assert_int_equal(log_level_from_string("loud"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy_cuts_and_terminates),
		cmocka_unit_test(test_append_stays_inside),
		cmocka_unit_test(test_strip_cuts_both_ends),
		cmocka_unit_test(test_names_are_ordered_by_number),
		cmocka_unit_test(test_numbers_are_whole_or_refused),
		cmocka_unit_test(test_option_is_found_by_whole_key),
		cmocka_unit_test(test_hash_tells_keys_apart),
		cmocka_unit_test(test_table_knows_its_words_only),
		cmocka_unit_test(test_log_returns_the_error_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
