/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "core/diff.h"
#include "fixture.h"

struct news {
	char text[1024];
	uint32_t fields;
};

static void note(void *userdata, const struct difference *d)
{
	struct news *n = userdata;
	static const char signs[] = { '+', '-', '*' };

	str_append(n->text, sizeof(n->text), "%c%s ", signs[d->change],
		   d->after ? d->after->name : d->before->name);
	n->fields |= d->fields;
}

static void test_same_snapshots_are_no_news(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *a = give_pair(), *b = give_pair();
	struct news n = {};

	(void) state;
	snapshot_diff(a, b, note, &n);
	assert_string_equal(n.text, "");
}

static void test_a_changed_path_names_its_fields(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *a = give_pair(), *b = give_pair();
	struct path *p = snapshot_path(b, "nvme0c10n1");
	struct news n = {};

	(void) state;
	STR_COPY(p->path_state, "held");
	p->usable = false;
	snapshot_diff(a, b, note, &n);
	assert_string_equal(n.text, "*nvme0c10n1 ");
	assert_int_equal(n.fields, FIELD_BIT(PATH_PATH_STATE) | FIELD_BIT(PATH_USABLE));
	assert_int_equal(path_diff(p, snapshot_path(a, "nvme0c10n1")), n.fields);
}

static void test_what_stands_behind_a_text_does_not_count(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *a = give_pair(), *b = give_pair();
	struct news n = {};

	(void) state;
	b->paths[0].ana_state[10] = 'x';
	snapshot_diff(a, b, note, &n);
	assert_string_equal(n.text, "");
}

static void test_leaves_go_before_trees_and_come_after(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *full = give_pair(), *empty = NULL;
	struct news gone = {}, came = {};

	(void) state;
	assert_int_equal(snapshot_new(&empty), 0);
	snapshot_diff(full, empty, note, &gone);
	assert_string_equal(gone.text,
			    "-nvme0c2n1 -nvme0c2n2 -nvme0c10n1 -nvme0c10n2 "
			    "-nvme0n1 -nvme0n2 -nvme2 -nvme10 -nvme-subsys0 ");
	snapshot_diff(empty, full, note, &came);
	assert_string_equal(came.text,
			    "+nvme-subsys0 +nvme2 +nvme10 +nvme0n1 +nvme0n2 "
			    "+nvme0c2n1 +nvme0c2n2 +nvme0c10n1 +nvme0c10n2 ");
}

static void test_a_recycled_name_is_another_object(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *a = give_pair(), *b = give_pair();
	struct news n = {};

	(void) state;
	snapshot_path(b, "nvme0c2n1")->o.ino = 99;
	snapshot_diff(a, b, note, &n);
	assert_string_equal(n.text, "-nvme0c2n1 +nvme0c2n1 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_snapshots_are_no_news),
		cmocka_unit_test(test_a_changed_path_names_its_fields),
		cmocka_unit_test(test_what_stands_behind_a_text_does_not_count),
		cmocka_unit_test(test_leaves_go_before_trees_and_come_after),
		cmocka_unit_test(test_a_recycled_name_is_another_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
