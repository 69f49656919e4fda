/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "advice.h"
#include "build-model.h"

#define _cleanup_model_ _cleanup_(model_done)

static const char * const paths[] = { "nvme0c0n1", "nvme0c1n1" };

static struct path *build_pair(struct model *m, bool other_usable)
{
	(void) build_path(m, 0, "optimized", true);
	(void) build_path(m, 1, "optimized", other_usable);
	(void) build_head(m, paths, 2, other_usable ? 2 : 1);
	model_finish(m);
	for (size_t i = 0; i < 2; i++)
		set_list(&((struct controller *) m->lists[KIND_CONTROLLER].objects[i])->paths,
			 &paths[i], 1);
	return (struct path *) model_find(m, KIND_PATH, "nvme0c0n1");
}

static bool says(char **list, const char *text)
{
	for (; *list; list++)
		if (strstr(*list, text))
			return true;
	return false;
}

static void test_a_path_with_another_may_be_taken_out(void **state)
{
	_cleanup_advice_ struct advice a = { 0 };
	_cleanup_model_ struct model m = { 0 };
	struct path *p = build_pair(&m, true);

	(void) state;
	advise(&m, &p->object, &a);
	assert_null(*a.why);
	assert_true(says(a.may, "nvmpathctl drain nvme0c0n1"));
	assert_true(says(a.may, "nvmpathctl remove nvme0c0n1"));
}

static void test_the_last_usable_path_is_left_alone(void **state)
{
	_cleanup_advice_ struct advice path = { 0 }, controller = { 0 };
	_cleanup_model_ struct model m = { 0 };
	struct path *p = build_pair(&m, false);

	(void) state;
	advise(&m, &p->object, &path);
	assert_true(says(path.may, "nothing that takes it out of use"));
	assert_false(says(path.may, "nvmpathctl"));
	advise(&m, &p->ctrl->object, &controller);
	assert_true(says(controller.may, "nothing that takes it out of use"));
	assert_false(says(controller.may, "nvmpathctl"));
}

static void test_a_held_path_is_released_or_its_removal_cancelled(void **state)
{
	_cleanup_advice_ struct advice by_hand = { 0 }, by_removal = { 0 };
	_cleanup_model_ struct model m = { 0 };
	struct removal *r = build(&m, KIND_REMOVAL, "7");
	struct path *p = build_pair(&m, true);

	(void) state;
	p->usable = false;
	set_text(&p->admin_state, "hold");
	set_text(&p->path_state, "held");
	advise(&m, &p->object, &by_hand);
	assert_true(says(by_hand.why, "it is held"));
	assert_true(says(by_hand.may, "nvmpathctl release nvme0c0n1"));
	set_text(&r->state, "draining");
	set_text(&r->kind, "drain");
	set_text(&p->removal, "7");
	advise(&m, &p->object, &by_removal);
	assert_true(says(by_removal.may, "nvmpathctl cancel 7: undo the drain"));
	assert_false(says(by_removal.may, "release"));
}

static void test_a_kernel_without_holds_leaves_nothing(void **state)
{
	_cleanup_advice_ struct advice a = { 0 };
	_cleanup_model_ struct model m = { 0 };
	struct path *p = build_pair(&m, true);

	(void) state;
	m.manager = (struct manager *) object_new(KIND_MANAGER);
	set_text(&m.manager->protection, "observe");
	advise(&m, &p->object, &a);
	assert_true(says(a.may, "has no admin_state"));
	assert_false(says(a.may, "nvmpathctl"));
}

static void test_a_controller_that_cannot_detach_one_is_named_instead(void **state)
{
	_cleanup_advice_ struct advice a = { 0 };
	_cleanup_model_ struct model m = { 0 };
	struct path *p = build_pair(&m, true);
	struct controller *c = (struct controller *) model_find(&m, KIND_CONTROLLER, "nvme0");

	(void) state;
	c->ns_management_known = true;
	advise(&m, &p->object, &a);
	assert_true(says(a.may, "nvmpathctl remove nvme0: "));
	assert_false(says(a.may, "remove nvme0c0n1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_path_with_another_may_be_taken_out),
		cmocka_unit_test(test_the_last_usable_path_is_left_alone),
		cmocka_unit_test(test_a_held_path_is_released_or_its_removal_cancelled),
		cmocka_unit_test(test_a_kernel_without_holds_leaves_nothing),
		cmocka_unit_test(test_a_controller_that_cannot_detach_one_is_named_instead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
