/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "tally.h"

static struct tally t, other;

static int set_up(void **state)
{
	(void) state;
	memset(&t, 0, sizeof(t));
	memset(&other, 0, sizeof(other));
	return 0;
}

static void test_errors_are_counted_by_errno(void **state)
{
	(void) state;
	tally_io(&t, true, -EIO, 4096, 10, 1);
	tally_io(&t, false, -EIO, 4096, 10, 1);
	tally_io(&t, false, -EOPNOTSUPP, 4096, 10, 1);
	tally_io(&t, false, 4096, 4096, 10, 1);
	assert_int_equal(t.ios, 4);
	assert_int_equal(t.writes, 1);
	assert_int_equal(t.failed, 3);
	assert_int_equal(t.errors[EIO], 2);
	assert_int_equal(t.errors[EOPNOTSUPP], 1);
	assert_int_equal(t.latency.n, 1);
}

static void test_short_ios_have_failed(void **state)
{
	(void) state;
	tally_io(&t, false, 512, 4096, 10, 1);
	assert_int_equal(t.failed, 1);
	assert_int_equal(t.short_ios, 1);
}

static void test_the_longest_io_may_be_one_that_failed(void **state)
{
	(void) state;
	tally_io(&t, true, 4096, 4096, 10, 100);
	tally_io(&t, true, -EIO, 4096, 5000, 200);
	assert_int_equal(t.longest_usec, 5000);
	assert_int_equal(t.longest_at_usec, 200);
	assert_int_equal(t.longest_errno, EIO);
}

static void test_merge_keeps_the_longest_and_the_first_miscompares(void **state)
{
	struct miscompare m = { .verdict = PATTERN_STALE };

	(void) state;
	tally_io(&t, true, 4096, 4096, 10, 100);
	tally_io(&other, true, 4096, 4096, 99, 300);
	for (uint64_t i = 0; i < 6; i++) {
		m.lba = i;
		tally_miscompare(&t, &m);
		m.lba = 100 + i;
		tally_miscompare(&other, &m);
	}
	tally_merge(&t, &other);
	assert_int_equal(t.ios, 2);
	assert_int_equal(t.longest_usec, 99);
	assert_int_equal(t.longest_at_usec, 300);
	assert_int_equal(t.miscompares, 12);
	assert_int_equal(t.kept[5].lba, 5);
	assert_int_equal(t.kept[6].lba, 100);
	assert_int_equal(t.kept[7].lba, 101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_errors_are_counted_by_errno, set_up),
		cmocka_unit_test_setup(test_short_ios_have_failed, set_up),
		cmocka_unit_test_setup(test_the_longest_io_may_be_one_that_failed, set_up),
		cmocka_unit_test_setup(test_merge_keeps_the_longest_and_the_first_miscompares,
				       set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
