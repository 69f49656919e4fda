/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <time.h>

#include "core/impact.h"
#include "fixture.h"

static const struct floor no_floor;

/* What nvme0n1 is left with if @a (and @b) go. */
static struct outlook look(const struct snapshot *s, const char *a, const char *b)
{
	_cleanup_(names_done) struct names paths = {};
	_cleanup_free_ struct outlook *o = NULL;
	size_t n;

	assert_int_equal(names_add(&paths, a), 0);
	if (b)
		assert_int_equal(names_add(&paths, b), 0);
	assert_int_equal(outlook_new(s, &paths, &o, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(o->head, "nvme0n1");
	return *o;
}

/* Three controllers of two ports: nvme2 and nvme10 share one. */
static struct snapshot *give_three(void)
{
	struct snapshot *s = give_pair();

	give_controller(s, "nvme3", 30);
	give_path(s, "nvme0c3n1", "nvme0n1", "nvme3", 31, true);
	snapshot_sort(s);
	STR_COPY(snapshot_controller(s, "nvme3")->traddr, "10.0.0.3");
	return s;
}

static void test_usable_paths_and_ports_are_counted(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_three();
	struct outlook o = look(s, "nvme0c2n1", NULL);

	(void) state;
	assert_int_equal(o.usable, 3);
	assert_int_equal(o.usable_left, 2);
	assert_int_equal(o.ports, 2);
	assert_int_equal(o.ports_left, 2);	/* nvme10 leads there, too */
	o = look(s, "nvme0c3n1", NULL);
	assert_int_equal(o.ports_left, 1);
	o = look(s, "nvme0c2n1", "nvme0c10n1");
	assert_int_equal(o.usable_left, 1);
	assert_int_equal(o.ports_left, 1);
}

static void test_optimized_paths_are_counted(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_three();
	struct outlook o;

	(void) state;
	STR_COPY(snapshot_path(s, "nvme0c3n1")->ana_state, "non-optimized");
	STR_COPY(snapshot_path(s, "nvme0c10n1")->ana_state, "non-optimized");
	o = look(s, "nvme0c2n1", NULL);
	assert_int_equal(o.optimized, 1);
	assert_int_equal(o.optimized_left, 0);
	assert_int_equal(outlook_judge(&o, &no_floor), VERDICT_DEGRADED);
	o = look(s, "nvme0c3n1", NULL);
	assert_int_equal(o.optimized_left, 1);
	assert_int_equal(outlook_judge(&o, &no_floor), VERDICT_OK);
}

static void test_the_last_usable_path_is_worse_than_any_floor(void **state)
{
	const struct floor f = { .min_usable = 3, .min_ports = 3 };
	struct outlook o = { .usable = 1 };

	(void) state;
	assert_int_equal(outlook_judge(&o, &f), VERDICT_LAST_PATH);
	assert_int_equal(outlook_judge(&o, &no_floor), VERDICT_LAST_PATH);
}

static void test_floors_are_of_paths_and_of_ports(void **state)
{
	const struct floor paths = { .min_usable = 2 }, ports = { .min_ports = 2 };
	struct outlook o = {
		.usable = 3, .usable_left = 2, .ports = 2, .ports_left = 1,
		.optimized = 3, .optimized_left = 2,
	};

	(void) state;
	assert_int_equal(outlook_judge(&o, &no_floor), VERDICT_OK);
	assert_int_equal(outlook_judge(&o, &paths), VERDICT_OK);
	assert_int_equal(outlook_judge(&o, &ports), VERDICT_BELOW_FLOOR);
	o.usable_left = 1;
	assert_int_equal(outlook_judge(&o, &no_floor), VERDICT_DEGRADED);
	assert_int_equal(outlook_judge(&o, &paths), VERDICT_BELOW_FLOOR);
}

/* Below the floor already: a path that is down today may go all the same. */
static void test_a_path_of_no_use_crosses_no_floor(void **state)
{
	const struct floor f = { .min_usable = 2, .min_ports = 2 };
	struct outlook o = {
		.usable = 1, .usable_left = 1, .ports = 1, .ports_left = 1,
		.optimized = 1, .optimized_left = 1,
	};

	(void) state;
	assert_int_equal(outlook_judge(&o, &f), VERDICT_DEGRADED);
}

/* 4,096 paths of 512 heads; quadratic work would take seconds. */
static void test_a_big_machine_is_looked_at_in_no_time(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = NULL;
	_cleanup_(names_done) struct names paths = {};
	_cleanup_free_ struct outlook *o = NULL;
	clock_t begin;
	size_t n;

	(void) state;
	assert_int_equal(snapshot_new(&s), 0);
	for (unsigned c = 0; c < 8; c++) {
		char controller[NAME_SIZE];

		(void) snprintf(controller, sizeof(controller), "nvme%u", c);
		give_controller(s, controller, c + 1);
		for (unsigned i = 1; i <= 512; i++) {
			char head[NAME_SIZE], path[NAME_SIZE];

			(void) snprintf(head, sizeof(head), "nvme0n%u", i);
			(void) snprintf(path, sizeof(path), "nvme0c%un%u", c, i);
			give_path(s, path, head, controller, c * 1000 + i, true);
		}
	}
	snapshot_sort(s);
	begin = clock();
	for (size_t i = 0; i < s->n_paths; i++)
		assert_int_equal(names_add(&paths, s->paths[i].o.name), 0);
	assert_int_equal(outlook_new(s, &paths, &o, &n), 0);
	assert_int_equal(n, 512);
	assert_true(clock() - begin < CLOCKS_PER_SEC / 2);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(outlook_judge(&o[i], &no_floor), VERDICT_LAST_PATH);
}

static void test_names_are_a_set_in_order(void **state)
{
	_cleanup_(names_done) struct names names = {}, others = {};

	(void) state;
	assert_int_equal(names_add(&names, "nvme10"), 0);
	assert_int_equal(names_add(&names, "nvme2"), 0);
	assert_int_equal(names_add(&names, "nvme10"), 0);
	assert_int_equal(names.n, 2);
	assert_string_equal(names.v[0], "nvme2");
	assert_int_equal(names_index(&names, "nvme10"), 1);
	assert_int_equal(names_index(&names, "nvme3"), -ENOENT);
	assert_int_equal(names_add(&others, "nvme3"), 0);
	assert_false(names_meet(&names, &others));
	assert_int_equal(names_add(&others, "nvme2"), 0);
	assert_true(names_meet(&names, &others));
}

static void test_verdicts_go_both_ways(void **state)
{
	(void) state;
	for (int i = 0; i < _VERDICT_MAX; i++)
		assert_int_equal(verdict_from_string(verdict_to_string((enum verdict) i)), i);
	assert_int_equal(verdict_from_string("fine"), _VERDICT_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usable_paths_and_ports_are_counted),
		cmocka_unit_test(test_optimized_paths_are_counted),
		cmocka_unit_test(test_the_last_usable_path_is_worse_than_any_floor),
		cmocka_unit_test(test_floors_are_of_paths_and_of_ports),
		cmocka_unit_test(test_a_path_of_no_use_crosses_no_floor),
		cmocka_unit_test(test_a_big_machine_is_looked_at_in_no_time),
		cmocka_unit_test(test_names_are_a_set_in_order),
		cmocka_unit_test(test_verdicts_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
