/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "check.h"
#include "core/loss.h"

static struct loss controller(const char *ctrl_loss, const char *fast)
{
	struct loss l = {};

	strcpy(l.v[LOSS_CTRL_LOSS_TMO], ctrl_loss);
	strcpy(l.v[LOSS_FAST_IO_FAIL_TMO], fast);
	return l;
}

static int64_t patience(const char *ctrl_loss, const char *fast, bool is_pci,
			const char *delayed)
{
	struct loss c = controller(ctrl_loss, fast), h = {};

	strcpy(h.v[LOSS_DELAYED_REMOVAL], delayed);
	return loss_patience_sec(&c, is_pci, &h);
}

static void test_seconds_of_the_kernels_words(void **state)
{
	(void) state;
	assert_int_equal(loss_seconds("600"), 600);
	assert_int_equal(loss_seconds("off"), NVMPATH_SEC_OFF);
	assert_int_equal(loss_seconds(""), UNKNOWN_NUMBER);
	assert_int_equal(loss_seconds("-1"), UNKNOWN_NUMBER);
	assert_int_equal(loss_seconds("soon"), UNKNOWN_NUMBER);
}

static void test_io_waits_for_the_shorter_of_the_two(void **state)
{
	(void) state;
	assert_int_equal(patience("600", "off", false, ""), 600);
	assert_int_equal(patience("600", "5", false, "0"), 5);
	assert_int_equal(patience("off", "off", false, "0"), NVMPATH_SEC_OFF);
}

static void test_a_delayed_removal_queues_past_fast_io_fail(void **state)
{
	(void) state;
	assert_int_equal(patience("600", "5", false, "30"), 630);
	assert_int_equal(patience("off", "5", false, "30"), NVMPATH_SEC_OFF);
	assert_int_equal(patience("", "", true, "30"), 30);
}

static void test_a_pci_function_is_not_waited_for(void **state)
{
	(void) state;
	assert_int_equal(patience("", "", true, ""), 0);
}

static void test_what_is_unknown_stays_unknown(void **state)
{
	(void) state;
	assert_int_equal(patience("", "5", false, "0"), UNKNOWN_NUMBER);
	assert_int_equal(patience("600", "", false, ""), UNKNOWN_NUMBER);
	assert_int_equal(patience("", "", false, "30"), UNKNOWN_NUMBER);
}

static void test_every_setting_has_its_attribute_and_kind(void **state)
{
	(void) state;
	for (int i = 0; i < _LOSS_SETTING_MAX; i++) {
		const char *word = loss_setting_to_string((enum loss_setting) i);

		assert_int_equal(loss_setting_from_string(word), i);
		assert_true((int) loss_kind((enum loss_setting) i) >= 0);
	}
	assert_int_equal(loss_kind(LOSS_DELAYED_REMOVAL), OBJECT_NAMESPACE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seconds_of_the_kernels_words),
		cmocka_unit_test(test_io_waits_for_the_shorter_of_the_two),
		cmocka_unit_test(test_a_delayed_removal_queues_past_fast_io_fail),
		cmocka_unit_test(test_a_pci_function_is_not_waited_for),
		cmocka_unit_test(test_what_is_unknown_stays_unknown),
		cmocka_unit_test(test_every_setting_has_its_attribute_and_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
