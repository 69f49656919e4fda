/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "util.h"

static void test_control_characters_are_escaped(void **state)
{
	_cleanup_free_ char *esc = text_escape("a\x1b[31m\x7f\n\\b");
	_cleanup_free_ char *c1 = text_escape("x\xc2\x9bz");
	_cleanup_free_ char *plain = text_escape("gr\xc3\xbc\xc3\x9f""e");

	(void) state;
	assert_string_equal(esc, "a\\x1b[31m\\x7f\\x0a\\x5cb");
	assert_string_equal(c1, "x\\xc2\\x9bz");
	assert_string_equal(plain, "gr\xc3\xbc\xc3\x9f""e");
}

static void test_unknown_counter_is_a_dash(void **state)
{
	char buf[TEXT_MAX];

	(void) state;
	assert_string_equal(text_counter(buf, -1), "-");
	assert_string_equal(text_counter(buf, 0), "0");
	assert_string_equal(text_counter(buf, INT64_MAX), "9223372036854775807");
}

static void test_durations_have_one_unit(void **state)
{
	static const struct { uint64_t usec; const char *text; } rows[] = {
		{ 0, "0 ms" }, { 999999, "999 ms" }, { 1000000, "1.0 s" },
		{ 59999999, "59.9 s" }, { 60000000, "1 min" }, { 3599999999, "59 min" },
		{ 3600000000, "1 h" }, { 172800000000, "2 d" },
	};
	char buf[TEXT_MAX];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(text_duration(buf, rows[i].usec), rows[i].text);
}

static void test_sizes_have_binary_units(void **state)
{
	char buf[TEXT_MAX];

	(void) state;
	assert_string_equal(text_size(buf, 0), "0B");
	assert_string_equal(text_size(buf, 1023), "1023B");
	assert_string_equal(text_size(buf, 4096), "4K");
	assert_string_equal(text_size(buf, 1649267441664), "1.5T");
	assert_string_equal(text_size(buf, UINT64_MAX), "15.9E");
}

static void test_time_zero_is_a_dash(void **state)
{
	char buf[TEXT_MAX];

	(void) state;
	assert_string_equal(text_time(buf, 0), "-");
}

static void test_timeouts_take_units(void **state)
{
	static const struct { const char *text; uint64_t usec; } rows[] = {
		{ "30", 30000000 }, { "30s", 30000000 }, { "500ms", 500000 },
		{ "2min", 120000000 }, { "1h", 3600000000 }, { "0", 0 },
	};
	uint64_t usec;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(parse_timeout(rows[i].text, &usec), 0);
		assert_int_equal(usec, rows[i].usec);
	}
}

static void test_bad_timeouts_are_refused(void **state)
{
	uint64_t usec = 7;

	(void) state;
	assert_int_equal(parse_timeout("", &usec), -EINVAL);
	assert_int_equal(parse_timeout("-1", &usec), -EINVAL);
	assert_int_equal(parse_timeout(" 1", &usec), -EINVAL);
	assert_int_equal(parse_timeout("1x", &usec), -EINVAL);
	assert_int_equal(parse_timeout("99999999999999999999", &usec), -ERANGE);
	assert_int_equal(parse_timeout("18446744073709551615", &usec), -ERANGE);
}

static void test_distance_counts_edits(void **state)
{
	(void) state;
	assert_int_equal(text_distance("nvme1", "nvme1", 2), 0);
	assert_int_equal(text_distance("nvme1", "nvme12", 2), 1);
	assert_int_equal(text_distance("nvme1c5n1", "nvme1c3n1", 2), 1);
	assert_int_equal(text_distance("nvmet", "sda", 2), 3);
	assert_int_equal(text_distance("", "abc", 5), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_control_characters_are_escaped),
		cmocka_unit_test(test_unknown_counter_is_a_dash),
		cmocka_unit_test(test_durations_have_one_unit),
		cmocka_unit_test(test_sizes_have_binary_units),
		cmocka_unit_test(test_time_zero_is_a_dash),
		cmocka_unit_test(test_timeouts_take_units),
		cmocka_unit_test(test_bad_timeouts_are_refused),
		cmocka_unit_test(test_distance_counts_edits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
