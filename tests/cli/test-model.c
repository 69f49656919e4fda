/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "build-model.h"
#include "parse.h"
#include "util.h"

static void test_names_sort_by_number(void **state)
{
	static const char * const names[] = { "nvme10", "nvme2", "nvme0", "nvme33", "nvme1" };
	static const char * const sorted[] = { "nvme0", "nvme1", "nvme2", "nvme10", "nvme33" };
	_cleanup_(model_done) struct model m = { 0 };

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		(void) build(&m, KIND_CONTROLLER, names[i]);
	model_finish(&m);
	for (size_t i = 0; i < ARRAY_SIZE(sorted); i++) {
		assert_string_equal(m.lists[KIND_CONTROLLER].objects[i]->name, sorted[i]);
		assert_non_null(model_controller(&m, sorted[i]));
	}
	assert_null(model_controller(&m, "nvme3"));
}

static void test_paths_are_linked_to_controller_and_head(void **state)
{
	static const char * const paths[] = { "nvme0c1n1" };
	_cleanup_(model_done) struct model m = { 0 };
	const struct path *p;

	(void) state;
	p = build_path(&m, 1, "optimized", true);
	model_finish(&m);
	assert_string_equal(p->ctrl->object.name, "nvme1");
	assert_null(p->ns);
	(void) build_head(&m, paths, 1, 1);
	model_finish(&m);
	assert_string_equal(p->ns->object.name, "nvme0n1");
}

static void test_new_objects_know_nothing(void **state)
{
	(void) state;
	for (int k = 0; k < _KIND_MAX; k++) {
		struct object *o = object_new((enum object_kind) k);
		const struct kind_info *info = kind_info(o->kind);

		for (size_t i = 0; i < info->n_props; i++) {
			const void *at = (const char *) o + info->props[i].offset;

			if (info->props[i].type == PROP_I64 ||
			    info->props[i].type == PROP_SECONDS)
				assert_int_equal(*(const int64_t *) at, COUNTER_UNKNOWN);
			if (info->props[i].type == PROP_TEXT)
				assert_string_equal(*(char * const *) at, "");
		}
		(void) object_free(o);
	}
}

static void test_bus_paths_become_names(void **state)
{
	static const struct { const char *path, *name; } rows[] = {
		{ "/", "" },
		{ "/io/github/nvmpath1/path/nvme1c3n1", "nvme1c3n1" },
		{ "/io/github/nvmpath1/subsystem/nvme_2dsubsys0", "nvme-subsys0" },
		{ "/io/github/nvmpath1/removal/_312", "12" },
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *name = parse_object_name(rows[i].path);

		assert_string_equal(name, rows[i].name);
	}
}

static void test_kinds_match_their_interfaces(void **state)
{
	(void) state;
	for (int k = 0; k < _KIND_MAX; k++)
		assert_int_equal(kind_from_interface(kind_info((enum object_kind) k)->interface),
				 k);
	assert_int_equal(kind_from_interface("org.freedesktop.DBus.Peer"), _KIND_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_sort_by_number),
		cmocka_unit_test(test_paths_are_linked_to_controller_and_head),
		cmocka_unit_test(test_new_objects_know_nothing),
		cmocka_unit_test(test_bus_paths_become_names),
		cmocka_unit_test(test_kinds_match_their_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
