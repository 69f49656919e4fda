/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/selector.h"
#include "fixture.h"

static void test_a_selector_is_key_and_value(void **state)
{
	static const char *const bad[] = {
		"traddr=", "=10.0.0.1", "nvme0", "trsvcid=4420", "TRADDR=1",
		"a-key-that-is-much-too-long-for-any-of-them=1",
	};
	char big[TRADDR_SIZE + 16] = "traddr=";
	struct selector v;

	(void) state;
	assert_true(selector_is("traddr=10.0.0.1"));
	assert_false(selector_is("nvme0"));
	assert_int_equal(selector_parse("host-iface=eth2", &v), 0);
	assert_int_equal(v.key, SELECTOR_HOST_IFACE);
	assert_string_equal(v.value, "eth2");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(selector_parse(bad[i], &v), -EINVAL);
	memset(big + 7, 'x', sizeof(big) - 8);
	assert_int_equal(selector_parse(big, &v), -EINVAL);
}

static size_t picked(const struct snapshot *s, const char *target)
{
	_cleanup_(names_done) struct names names = {};
	struct selector v;

	assert_int_equal(selector_parse(target, &v), 0);
	assert_int_equal(selector_pick(s, &v, &names), 0);
	return names.n;
}

static void test_it_picks_controllers_by_the_whole_value(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_pair();
	struct controller *a = snapshot_controller(s, "nvme2");
	struct controller *b = snapshot_controller(s, "nvme10");

	(void) state;
	STR_COPY(a->traddr, "10.0.0.1");
	STR_COPY(b->traddr, "10.0.0.10");
	STR_COPY(a->host_iface, "eth2");
	STR_COPY(b->host_iface, "eth2");
	STR_COPY(b->host_traddr, "10.0.0.99");
	assert_int_equal(picked(s, "traddr=10.0.0.1"), 1);
	assert_int_equal(picked(s, "traddr=10.0.0.2"), 0);
	assert_int_equal(picked(s, "host-iface=eth2"), 2);
	assert_int_equal(picked(s, "host-iface=eth"), 0);
	assert_int_equal(picked(s, "host-traddr=10.0.0.99"), 1);
}

static void test_a_pci_function_is_no_fabric_address(void **state)
{
	_cleanup_(snapshot_freep) struct snapshot *s = give_pair();
	struct controller *c = snapshot_controller(s, "nvme2");

	(void) state;
	STR_COPY(c->traddr, "0000:01:00.0");
	STR_COPY(c->transport, "tcp");
	assert_int_equal(picked(s, "pci=0000:01:00.0"), 0);
	STR_COPY(c->transport, "pcie");
	assert_int_equal(picked(s, "pci=0000:01:00.0"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_selector_is_key_and_value),
		cmocka_unit_test(test_it_picks_controllers_by_the_whole_value),
		cmocka_unit_test(test_a_pci_function_is_no_fabric_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
