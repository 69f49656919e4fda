/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "fixture.h"

static void test_objects_are_found_by_name(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_pair();

	(void) state;
	assert_string_equal(s->controllers[0].o.name, "nvme2");
	assert_string_equal(s->paths[0].o.name, "nvme0c2n1");
	assert_ptr_equal(snapshot_controller(s, "nvme10"), &s->controllers[1]);
	assert_ptr_equal(snapshot_path(s, "nvme0c10n2"), &s->paths[3]);
	assert_null(snapshot_path(s, "nvme0c3n1"));
	assert_null(snapshot_head(s, ""));
	assert_non_null(snapshot_subsystem(s, "nvme-subsys0"));
}

static void test_a_name_says_its_kind(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_pair();
	enum object_kind kind;

	(void) state;
	assert_int_equal(snapshot_kind_of(s, "nvme0c2n1", &kind), 0);
	assert_int_equal(kind, OBJECT_PATH);
	assert_int_equal(snapshot_kind_of(s, "nvme0n1", &kind), 0);
	assert_int_equal(kind, OBJECT_NAMESPACE);
	assert_int_equal(snapshot_kind_of(s, "nvme2", &kind), 0);
	assert_int_equal(kind, OBJECT_CONTROLLER);
	assert_int_equal(snapshot_kind_of(s, "nvme-subsys0", &kind), 0);
	assert_int_equal(kind, OBJECT_SUBSYSTEM);
	assert_int_equal(snapshot_kind_of(s, "sda", &kind), -ENXIO);
}

static void test_usable_paths_are_counted_by_head(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_pair();

	(void) state;
	assert_int_equal(head_usable_paths(s, "nvme0n1"), 2);
	snapshot_path(s, "nvme0c2n1")->usable = false;
	assert_int_equal(head_usable_paths(s, "nvme0n1"), 1);
	assert_int_equal(head_usable_paths(s, "nvme0n9"), 0);
}

/* More than any growth step, in an order that is none. */
static void test_two_thousand_paths_are_sorted(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = NULL;
	char name[NAME_SIZE];

	(void) state;
	assert_int_equal(snapshot_new(&s), 0);
	for (unsigned i = 0; i < 2048; i++) {
		(void) snprintf(name, sizeof(name), "nvme0c%un1", i * 997 % 2048);
		give_path(s, name, "nvme0n1", "nvme0", i + 1, true);
	}
	snapshot_sort(s);
	for (unsigned i = 0; i < 2048; i++) {
		(void) snprintf(name, sizeof(name), "nvme0c%un1", i);
		assert_string_equal(s->paths[i].o.name, name);
		assert_ptr_equal(snapshot_path(s, name), &s->paths[i]);
	}
}

static void test_kinds_and_features_have_words(void **state)
{
	(void) state;
	for (int i = 0; i < _OBJECT_KIND_MAX; i++)
		assert_int_equal(object_kind_from_string(
			object_kind_to_string((enum object_kind) i)), i);
	for (int i = 0; i < _FEATURE_MAX; i++)
		assert_int_equal(feature_from_string(
			feature_to_string((enum feature) i)), i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_objects_are_found_by_name),
		cmocka_unit_test(test_a_name_says_its_kind),
		cmocka_unit_test(test_usable_paths_are_counted_by_head),
		cmocka_unit_test(test_two_thousand_paths_are_sorted),
		cmocka_unit_test(test_kinds_and_features_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
