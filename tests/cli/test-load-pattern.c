/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "pattern.h"

#define SIZE 4096

static uint64_t block[SIZE / sizeof(uint64_t)];
static const struct pattern_expect expect = { .run = 7, .lba = 9, .oldest = 3, .newest = 5 };

static enum pattern_verdict check(uint64_t run, uint64_t lba, uint64_t generation)
{
	pattern_fill(block, SIZE, run, lba, generation);
	return pattern_check(block, SIZE, &expect);
}

static void test_generations_between_acked_and_tried_are_good(void **state)
{
	(void) state;
	for (uint64_t g = 3; g <= 5; g++)
		assert_int_equal(check(7, 9, g), PATTERN_GOOD);
}

static void test_each_kind_of_wrong_content_is_named(void **state)
{
	(void) state;
	assert_int_equal(check(7, 9, 2), PATTERN_STALE);
	assert_int_equal(check(7, 9, 6), PATTERN_FUTURE);
	assert_int_equal(check(7, 8, 3), PATTERN_MISPLACED);
	assert_int_equal(check(6, 9, 3), PATTERN_FOREIGN);
	memset(block, 0, SIZE);
	assert_int_equal(pattern_check(block, SIZE, &expect), PATTERN_FOREIGN);
}

static void test_every_flipped_bit_is_seen(void **state)
{
	unsigned char *bytes = (unsigned char *) block;

	(void) state;
	pattern_fill(block, SIZE, 7, 9, 3);
	for (size_t i = 0; i < SIZE; i++) {
		bytes[i] ^= 1 << (i % 8);
		assert_int_not_equal(pattern_check(block, SIZE, &expect), PATTERN_GOOD);
		bytes[i] ^= 1 << (i % 8);
	}
	assert_int_equal(pattern_check(block, SIZE, &expect), PATTERN_GOOD);
}

/* Half of one generation and half of the next is what a torn write leaves. */
static void test_a_torn_block_is_corrupt(void **state)
{
	static uint64_t newer[SIZE / sizeof(uint64_t)];

	(void) state;
	pattern_fill(block, SIZE, 7, 9, 4);
	pattern_fill(newer, SIZE, 7, 9, 5);
	memcpy((char *) block + SIZE / 2, (char *) newer + SIZE / 2, SIZE / 2);
	assert_int_equal(pattern_check(block, SIZE, &expect), PATTERN_CORRUPT);
}

static void test_smallest_block_works(void **state)
{
	(void) state;
	pattern_fill(block, PATTERN_BLOCK_MIN_BYTES, 7, 9, 3);
	assert_int_equal(pattern_check(block, PATTERN_BLOCK_MIN_BYTES, &expect), PATTERN_GOOD);
}

static void test_verdicts_have_words(void **state)
{
	(void) state;
	for (int v = 0; v < _PATTERN_VERDICT_MAX; v++)
		assert_non_null(pattern_verdict_to_string((enum pattern_verdict) v));
	assert_null(pattern_verdict_to_string(_PATTERN_VERDICT_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generations_between_acked_and_tried_are_good),
		cmocka_unit_test(test_each_kind_of_wrong_content_is_named),
		cmocka_unit_test(test_every_flipped_bit_is_seen),
		cmocka_unit_test(test_a_torn_block_is_corrupt),
		cmocka_unit_test(test_smallest_block_works),
		cmocka_unit_test(test_verdicts_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
