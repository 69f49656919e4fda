/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "check.h"
#include "core/usable.h"

static void assert_judged(const char *controller, const char *ana,
			  const char *admin, const char *reported,
			  const char *words, bool usable)
{
	struct path p = {};

	STR_COPY(p.ana_state, ana);
	STR_COPY(p.admin_state, admin);
	path_judge(&p, controller, reported);
	assert_string_equal(p.path_state, words);
	assert_int_equal(p.usable, usable);
}

static void test_the_kernels_word_goes_first(void **state)
{
	(void) state;
	assert_judged("live", "optimized", "online", "usable", "usable", true);
	assert_judged("live", "optimized", "hold", "held ana_pending",
		      "held ana_pending", false);
	assert_judged("connecting", "inaccessible", "online", "usable", "usable", true);
}

static void test_a_kernel_without_path_state_is_judged_by_its_rules(void **state)
{
	(void) state;
	assert_judged("live", "optimized", "", "", "usable", true);
	assert_judged("live", "non-optimized", "", "", "usable", true);
	assert_judged("live", "", "", "", "usable", true);	/* no ANA */
	assert_judged("deleting", "optimized", "", "", "usable", true);
	assert_judged("deleting (no IO)", "optimized", "", "", "ctrl_down", false);
	assert_judged("live", "inaccessible", "", "", "ana_inaccessible", false);
	assert_judged("live", "persistent-loss", "", "", "ana_persistent_loss", false);
	assert_judged("live", "change", "", "", "ana_change", false);
	assert_judged("connecting", "change", "hold", "",
		      "held ctrl_down ana_change", false);
}

static void test_absence_of_data_is_no_promise(void **state)
{
	(void) state;
	assert_judged("", "optimized", "", "", "ctrl_down", false);
	/* 7.3 for a moment after the path's creation */
	assert_judged("live", "invalid state", "", "", "ana_unknown", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_kernels_word_goes_first),
		cmocka_unit_test(test_a_kernel_without_path_state_is_judged_by_its_rules),
		cmocka_unit_test(test_absence_of_data_is_no_promise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
