/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check.h"
#include "core/ana-group.h"

static struct ana_moment at(uint64_t usec)
{
	return (struct ana_moment) { 1000000 + usec, 5000 + usec };
}

static bool step(struct ana_group *g, const char *to, uint64_t usec, uint64_t *duration)
{
	struct ana_moment now = at(usec);

	return ana_group_step(g, to, 10000, &now, duration);
}

static void test_change_has_a_deadline_of_anatt_after_its_begin(void **state)
{
	struct ana_group g;
	uint64_t duration;

	(void) state;
	ana_group_init(&g, "nvme0", 1, "optimized", NULL);
	assert_true(step(&g, "change", 100, &duration));
	assert_int_equal(duration, 0);	/* since when it was optimized is not known */
	assert_int_equal(g.begin_usec, 1000100);
	assert_int_equal(g.end_usec, 0);
	assert_int_equal(g.deadline_usec, 1010100);
	assert_string_equal(g.settled, "optimized");
	assert_int_equal(ana_group_transition_usec(&g), 0);
}

static void test_a_transition_ends_in_a_state_that_lasts(void **state)
{
	struct ana_group g;
	uint64_t duration;

	(void) state;
	ana_group_init(&g, "nvme0", 1, "optimized", NULL);
	assert_true(step(&g, "change", 100, &duration));
	assert_true(step(&g, "inaccessible", 400, &duration));
	assert_int_equal(duration, 300);
	assert_int_equal(g.begin_usec, 1000100);
	assert_int_equal(g.end_usec, 1000400);
	assert_int_equal(g.deadline_usec, 0);
	assert_int_equal(ana_group_transition_usec(&g), 300);
	assert_string_equal(g.settled, "inaccessible");
}

static void test_without_change_between_it_takes_no_time(void **state)
{
	struct ana_group g;
	uint64_t duration;

	(void) state;
	ana_group_init(&g, "nvme0", 1, "optimized", NULL);
	assert_true(step(&g, "non-optimized", 50, &duration));
	assert_int_equal(g.begin_usec, g.end_usec);
	assert_int_equal(ana_group_transition_usec(&g), 0);
	assert_false(step(&g, "non-optimized", 60, &duration));
	assert_int_equal(g.end_usec, 1000050);
}

static void test_a_begin_that_was_not_seen_makes_no_duration(void **state)
{
	struct ana_group g;
	struct ana_moment now = at(10);
	uint64_t duration;

	(void) state;
	ana_group_init(&g, "nvme0", 1, "change", &now);
	assert_string_equal(g.settled, "");
	assert_true(step(&g, "optimized", 60, &duration));
	assert_int_equal(duration, 50);
	assert_int_equal(g.begin_usec, 0);
	assert_int_equal(ana_group_transition_usec(&g), 0);
}

static void test_who_does_not_say_anatt_has_no_deadline(void **state)
{
	struct ana_group g;
	struct ana_moment now = at(10);
	uint64_t duration;

	(void) state;
	ana_group_init(&g, "nvme0", 1, "optimized", NULL);
	assert_true(ana_group_step(&g, "change", 0, &now, &duration));
	assert_int_equal(g.deadline_usec, 0);
}

static void test_a_clock_that_was_set_back_makes_no_duration(void **state)
{
	struct ana_group g;
	struct ana_moment back = { 17, 9000 };
	uint64_t duration;

	(void) state;
	ana_group_init(&g, "nvme0", 1, "optimized", NULL);
	assert_true(step(&g, "change", 100, &duration));
	assert_true(ana_group_step(&g, "optimized", 10000, &back, &duration));
	assert_int_equal(duration, 9000 - 5100);
	assert_int_equal(ana_group_transition_usec(&g), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_change_has_a_deadline_of_anatt_after_its_begin),
		cmocka_unit_test(test_a_transition_ends_in_a_state_that_lasts),
		cmocka_unit_test(test_without_change_between_it_takes_no_time),
		cmocka_unit_test(test_a_begin_that_was_not_seen_makes_no_duration),
		cmocka_unit_test(test_who_does_not_say_anatt_has_no_deadline),
		cmocka_unit_test(test_a_clock_that_was_set_back_makes_no_duration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
