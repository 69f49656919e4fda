/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "core/impact.h"
#include "fixture.h"

static void assert_lost(const struct snapshot *s, enum object_kind kind,
			const char *name, size_t n)
{
	_cleanup_(names_done) struct names paths = {}, lost = {};

	assert_int_equal(impact_paths(s, kind, name, &paths), 0);
	assert_int_equal(impact_lost(s, &paths, &lost), 0);
	assert_int_equal(lost.n, n);
}

static void test_a_redundant_path_or_controller_costs_nothing(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_pair();

	(void) state;
	assert_lost(s, OBJECT_PATH, "nvme0c2n1", 0);
	assert_lost(s, OBJECT_CONTROLLER, "nvme2", 0);
}

static void test_the_last_usable_path_is_lost(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_pair();

	(void) state;
	snapshot_path(s, "nvme0c2n1")->usable = false;	/* held, say */
	assert_lost(s, OBJECT_PATH, "nvme0c10n1", 1);
	assert_lost(s, OBJECT_CONTROLLER, "nvme10", 1);
	assert_lost(s, OBJECT_PATH, "nvme0c10n2", 0);
	assert_lost(s, OBJECT_PATH, "nvme0c2n1", 0);
}

static void test_a_head_without_any_usable_path_counts_as_lost(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_pair();

	(void) state;
	snapshot_path(s, "nvme0c2n1")->usable = false;
	snapshot_path(s, "nvme0c10n1")->usable = false;
	assert_lost(s, OBJECT_PATH, "nvme0c2n1", 1);
}

static void test_a_controller_stands_for_all_its_paths(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_pair();
	_cleanup_(names_done) struct names paths = {}, heads = {};

	(void) state;
	assert_int_equal(impact_paths(s, OBJECT_CONTROLLER, "nvme10", &paths), 0);
	assert_int_equal(paths.n, 2);
	assert_true(names_has(&paths, "nvme0c10n1"));
	assert_true(names_has(&paths, "nvme0c10n2"));
	assert_int_equal(impact_heads(s, &paths, &heads), 0);
	assert_int_equal(heads.n, 2);
}

static void test_unknown_objects_and_heads_are_refused(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_pair();
	_cleanup_(names_done) struct names paths = {};

	(void) state;
	assert_int_equal(impact_paths(s, OBJECT_PATH, "nvme0c9n1", &paths), -ENXIO);
	assert_int_equal(impact_paths(s, OBJECT_CONTROLLER, "nvme9", &paths), -ENXIO);
	assert_int_equal(impact_paths(s, OBJECT_NAMESPACE, "nvme0n1", &paths), -ENXIO);
	assert_int_equal(paths.n, 0);
}

static void test_names_are_kept_once(void **state)
{
	_cleanup_(names_done) struct names names = {};

	(void) state;
	assert_int_equal(names_add(&names, "a"), 0);
	assert_int_equal(names_add(&names, "a"), 0);
	assert_int_equal(names.n, 1);
	assert_false(names_has(&names, "b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_redundant_path_or_controller_costs_nothing),
		cmocka_unit_test(test_the_last_usable_path_is_lost),
		cmocka_unit_test(test_a_head_without_any_usable_path_counts_as_lost),
		cmocka_unit_test(test_a_controller_stands_for_all_its_paths),
		cmocka_unit_test(test_unknown_objects_and_heads_are_refused),
		cmocka_unit_test(test_names_are_kept_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
