/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "check.h"
#include "core/connect.h"

static struct connection connected(void)
{
	struct connection c;

	connection_init(&c);
	STR_COPY(c.nqn, "nqn.2026-01.test:a");
	STR_COPY(c.transport, "tcp");
	STR_COPY(c.traddr, "10.0.0.1");
	STR_COPY(c.trsvcid, "4420");
	STR_COPY(c.host_iface, "eth1");
	STR_COPY(c.hostnqn, "nqn.2026-01.host:h");
	return c;
}

static struct connect_entry entry(const char *transport, const char *traddr)
{
	struct connect_entry e;

	connect_entry_init(&e);
	STR_COPY(e.transport, transport);
	STR_COPY(e.traddr, traddr);
	return e;
}

static void test_an_entry_fits_by_all_that_it_names(void **state)
{
	struct connection c = connected();
	struct connect_entry e = entry("tcp", "10.0.0.1");

	(void) state;
	assert_int_equal(connect_entry_fits(&e, &c), 2);
	STR_COPY(e.trsvcid, "4420");
	STR_COPY(e.nqn, "nqn.2026-01.test:a");
	STR_COPY(e.host_iface, "eth1");
	STR_COPY(e.hostnqn, "nqn.2026-01.host:h");
	assert_int_equal(connect_entry_fits(&e, &c), 6);
}

static void test_an_entry_of_another_is_none(void **state)
{
	struct connection c = connected();
	struct connect_entry e = entry("tcp", "10.0.0.1");

	(void) state;
	STR_COPY(e.host_iface, "eth2");
	assert_int_equal(connect_entry_fits(&e, &c), 0);
	e = entry("tcp", "10.0.0.1");
	STR_COPY(e.host_traddr, "10.0.0.9");
	assert_int_equal(connect_entry_fits(&e, &c), 0);
	e = entry("rdma", "10.0.0.1");
	assert_int_equal(connect_entry_fits(&e, &c), 0);
	e = entry("tcp", "");
	assert_int_equal(connect_entry_fits(&e, &c), 0);
	e = entry("tcp", "10.0.0.1");
	STR_COPY(e.hostnqn, "nqn.2026-01.host:another");
	assert_int_equal(connect_entry_fits(&e, &c), 0);
}

static void test_what_is_known_already_is_not_overruled(void **state)
{
	struct connection c = connected();
	struct connect_entry e = entry("tcp", "10.0.0.1");

	(void) state;
	c.option[CONNECT_DATA_DIGEST] = 0;
	c.by[CONNECT_DATA_DIGEST] = CONNECT_BY_SYSFS;
	e.option[CONNECT_DATA_DIGEST] = 1;
	e.option[CONNECT_HDR_DIGEST] = 1;
	connection_learn(&c, &e, CONNECT_BY_CONFIG);
	assert_int_equal(c.option[CONNECT_DATA_DIGEST], 0);
	assert_int_equal(c.by[CONNECT_DATA_DIGEST], CONNECT_BY_SYSFS);
	assert_int_equal(c.option[CONNECT_HDR_DIGEST], 1);
	assert_int_equal(c.by[CONNECT_HDR_DIGEST], CONNECT_BY_CONFIG);
	assert_int_equal(c.option[CONNECT_TOS], -1);
	assert_int_equal(c.by[CONNECT_TOS], CONNECT_BY_NOBODY);
}

static void test_secrets_are_for_who_authenticates(void **state)
{
	struct connection c = connected();
	struct connect_entry e = entry("tcp", "10.0.0.1");

	(void) state;
	STR_COPY(e.secrets.host, "DHHC-1:00:x:");
	connection_learn(&c, &e, CONNECT_BY_CONFIG);
	assert_string_equal(c.secrets.host, "");
	assert_false(connection_lacks_secrets(&c));
	c.authenticates = 1;
	assert_true(connection_lacks_secrets(&c));
	connection_learn(&c, &e, CONNECT_BY_CONFIG);
	assert_string_equal(c.secrets.host, "DHHC-1:00:x:");
	assert_int_equal(c.secrets_by, CONNECT_BY_CONFIG);
	assert_false(connection_lacks_secrets(&c));
}

static void test_a_line_of_discovery_conf(void **state)
{
	struct connect_entry e;

	(void) state;
	assert_int_equal(discovery_line("--transport=tcp --traddr=10.0.0.1 --trsvcid=8009 "
					"--host-iface=eth1 -g --data-digest --tos=3 -P 2 -W4 "
					"--nr-io-queues=8 # the first\n", &e), 1);
	assert_string_equal(e.transport, "tcp");
	assert_string_equal(e.traddr, "10.0.0.1");
	assert_string_equal(e.trsvcid, "");	/* the discovery controller's */
	assert_string_equal(e.host_iface, "eth1");
	assert_int_equal(e.option[CONNECT_HDR_DIGEST], 1);
	assert_int_equal(e.option[CONNECT_DATA_DIGEST], 1);
	assert_int_equal(e.option[CONNECT_TOS], 3);
	assert_int_equal(e.option[CONNECT_POLL_QUEUES], 2);
	assert_int_equal(e.option[CONNECT_WRITE_QUEUES], 4);
	assert_int_equal(e.option[CONNECT_NO_SQFLOW], -1);
	assert_int_equal(discovery_line("-t rdma -a fe80::1 -w=fe80::2", &e), 1);
	assert_string_equal(e.transport, "rdma");
	assert_string_equal(e.host_traddr, "fe80::2");
}

static void test_a_line_with_nothing_on_it_is_none(void **state)
{
	struct connect_entry e;

	(void) state;
	assert_int_equal(discovery_line("# --transport=tcp\n", &e), 0);
	assert_int_equal(discovery_line("\n", &e), 0);
	assert_int_equal(discovery_line("", &e), 0);
}

static void test_a_line_that_is_not_understood_is_said(void **state)
{
	char line[3000];
	struct connect_entry e;

	(void) state;
	assert_int_equal(discovery_line("--transport=tcp --unheard-of", &e), -EINVAL);
	assert_int_equal(discovery_line("--transport=tcp stray", &e), -EINVAL);
	assert_int_equal(discovery_line("--transport", &e), -EINVAL);
	assert_int_equal(discovery_line("--transport=tcp --tos=high", &e), -EINVAL);
	assert_int_equal(discovery_line("--transport=a-word-that-is-longer-than-one", &e), -EINVAL);
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	assert_int_equal(discovery_line(line, &e), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_entry_fits_by_all_that_it_names),
		cmocka_unit_test(test_an_entry_of_another_is_none),
		cmocka_unit_test(test_what_is_known_already_is_not_overruled),
		cmocka_unit_test(test_secrets_are_for_who_authenticates),
		cmocka_unit_test(test_a_line_of_discovery_conf),
		cmocka_unit_test(test_a_line_with_nothing_on_it_is_none),
		cmocka_unit_test(test_a_line_that_is_not_understood_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
