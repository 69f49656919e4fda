/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "build-model.h"
#include "resolve.h"
#include "util.h"

#define _cleanup_model_ _cleanup_(model_done)

static void add_subsystem(struct model *m, const char *name, const char *nqn)
{
	struct subsystem *s = build(m, KIND_SUBSYSTEM, name);

	set_text(&s->nqn, nqn);
}

static void test_every_kind_is_found_by_its_kernel_name(void **state)
{
	static const char * const paths[] = { "nvme0c3n1" };
	static const char * const names[] = {
		"nvme3", "nvme0c3n1", "nvme0n1", "nvme-subsys0", "/dev/nvme0n1", "nqn.x",
	};
	_cleanup_model_ struct model m = { 0 };
	const struct object *o;
	struct candidates near;

	(void) state;
	add_subsystem(&m, "nvme-subsys0", "nqn.x");
	(void) build_path(&m, 3, "optimized", true);
	(void) build_head(&m, paths, 1, 1);
	model_finish(&m);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(resolve(&m, names[i], &o, &near), 0);
}

static void test_unknown_name_gives_what_looks_alike(void **state)
{
	_cleanup_model_ struct model m = { 0 };
	const struct object *o;
	struct candidates near;

	(void) state;
	(void) build_path(&m, 3, "optimized", true);
	model_finish(&m);
	assert_int_equal(resolve(&m, "nvme0c4n1", &o, &near), -ENOENT);
	assert_int_equal(near.n, 1);
	assert_string_equal(near.names[0], "nvme0c3n1");
	assert_int_equal(resolve(&m, "something", &o, &near), -ENOENT);
	assert_int_equal(near.n, 0);
}

static void test_nqn_of_two_subsystems_is_ambiguous(void **state)
{
	_cleanup_model_ struct model m = { 0 };
	const struct object *o;
	struct candidates near;

	(void) state;
	add_subsystem(&m, "nvme-subsys0", "nqn.x");
	add_subsystem(&m, "nvme-subsys1", "nqn.x");
	model_finish(&m);
	assert_int_equal(resolve(&m, "nqn.x", &o, &near), -ENOTUNIQ);
	assert_int_equal(near.n, 2);
}

static void add_removal(struct model *m, const char *id, const char *target,
			const char *word)
{
	struct removal *r = build(m, KIND_REMOVAL, id);

	r->id = (uint32_t) atoi(id);
	set_text(&r->target, target);
	set_text(&r->state, word);
	r->can_restore = !strcmp(word, "detached");
}

static void test_restore_takes_the_newest_that_can_be_restored(void **state)
{
	_cleanup_model_ struct model m = { 0 };
	struct removal *r;

	(void) state;
	add_removal(&m, "2", "nvme1", "detached");
	add_removal(&m, "10", "nvme1", "detached");
	add_removal(&m, "11", "nvme1", "restored");
	add_removal(&m, "12", "nvme2", "detached");
	model_finish(&m);
	assert_int_equal(resolve_removal(&m, "nvme1", &r), 0);
	assert_int_equal(r->id, 10);
	assert_int_equal(resolve_removal(&m, "11", &r), 0);
	assert_string_equal(r->state, "restored");
	assert_int_equal(resolve_removal(&m, "nvme3", &r), -ENOENT);
	assert_int_equal(resolve_removal(&m, "99", &r), -ENOENT);
}

static void test_nothing_is_found_in_an_empty_model(void **state)
{
	struct model m = { 0 };
	const struct object *o;
	struct candidates near;

	(void) state;
	assert_int_equal(resolve(&m, "nvme0", &o, &near), -ENOENT);
	assert_int_equal(resolve(&m, "", &o, &near), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_is_found_by_its_kernel_name),
		cmocka_unit_test(test_unknown_name_gives_what_looks_alike),
		cmocka_unit_test(test_nqn_of_two_subsystems_is_ambiguous),
		cmocka_unit_test(test_restore_takes_the_newest_that_can_be_restored),
		cmocka_unit_test(test_nothing_is_found_in_an_empty_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
