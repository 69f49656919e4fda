/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "core/settings.h"

static int set(struct settings *s, const char *section, const char *key, const char *value)
{
	char message[SETTINGS_MESSAGE_SIZE] = "";
	int r = settings_set(s, section, key, value, message);

	assert_int_equal(r < 0, message[0] != '\0');
	return r;
}

static void test_values_are_taken_with_their_units(void **state)
{
	struct settings s;

	(void) state;
	settings_init(&s);
	assert_int_equal(s.poll_interval_usec, 1000000);
	assert_int_equal(set(&s, "Daemon", "PollInterval", "250ms"), 0);
	assert_int_equal(s.poll_interval_usec, 250000);
	assert_int_equal(set(&s, "Removal", "DrainTimeout", "2 min"), 0);
	assert_int_equal(s.drain_timeout_usec, 120000000);
	assert_int_equal(s.hook_timeout_usec, 10000000);
	assert_int_equal(set(&s, "Removal", "HookTimeout", "3"), 0);
	assert_int_equal(s.hook_timeout_usec, 3000000);
	assert_int_equal(set(&s, "Daemon", "HistorySize", "0"), 0);
	assert_int_equal(s.history_size, 0);
	assert_int_equal(set(&s, "Daemon", "LogLevel", "debug"), 0);
	settings_done(&s);
}

static void test_what_is_wrong_is_refused(void **state)
{
	struct settings s;

	(void) state;
	settings_init(&s);
	assert_int_equal(set(&s, "Daemon", "Pollinterval", "1s"), -ENOENT);
	assert_int_equal(set(&s, "Dæmon", "PollInterval", "1s"), -ENOENT);
	assert_int_equal(set(&s, "", "PollInterval", "1s"), -ENOENT);
	assert_int_equal(set(&s, "Daemon", "PollInterval", "1 week"), -EINVAL);
	assert_int_equal(set(&s, "Daemon", "PollInterval", "0"), -EINVAL);
	assert_int_equal(set(&s, "Daemon", "PollInterval", "99999999999999999999s"), -EINVAL);
	assert_int_equal(set(&s, "Daemon", "HistorySize", "-1"), -EINVAL);
	assert_int_equal(set(&s, "Daemon", "LogLevel", "loud"), -EINVAL);
	assert_int_equal(set(&s, "Removal", "MinUsable", "many"), -EINVAL);
	assert_int_equal(set(&s, "Subsystem ", "MinUsable", "1"), -EINVAL);
	assert_int_equal(set(&s, "Subsystem x", "PollInterval", "1s"), -ENOENT);
	settings_done(&s);
}

static void test_of_each_key_the_longest_pattern_that_says_it_counts(void **state)
{
	struct settings s;
	struct floor f;

	(void) state;
	settings_init(&s);
	assert_int_equal(set(&s, "Subsystem nqn.2026-01.com.example:*", "MinUsable", "2"), 0);
	assert_int_equal(set(&s, "Subsystem nqn.*", "MinUsable", "3"), 0);
	assert_int_equal(set(&s, "Subsystem nqn.2026-01.*", "MinPorts", "2"), 0);
	assert_int_equal(set(&s, "Removal", "MinPorts", "1"), 0);
	f = settings_floor(&s, "nqn.2026-01.com.example:a1");
	assert_int_equal(f.min_usable, 2);
	assert_int_equal(f.min_ports, 2);
	assert_int_equal(settings_floor(&s, "nqn.other").min_ports, 1);
	assert_int_equal(settings_floor(&s, "nqn.other").min_usable, 3);
	assert_int_equal(settings_floor(&s, "uuid:x").min_usable, 0);
	settings_done(&s);
}

static void test_what_a_loss_costs_is_set_by_pattern(void **state)
{
	struct settings s;
	struct loss l;

	(void) state;
	settings_init(&s);
	l = settings_loss(&s, "nqn.x");
	assert_false(s.keeps || loss_says_anything(&l));
	assert_int_equal(set(&s, "Subsystem *", "CtrlLossTmo", "10min"), 0);
	assert_int_equal(set(&s, "Subsystem *", "IOPolicy", "round-robin"), 0);
	assert_int_equal(set(&s, "Subsystem nqn.x", "CtrlLossTmo", "off"), 0);
	assert_true(s.keeps);
	l = settings_loss(&s, "nqn.y");
	assert_string_equal(l.v[LOSS_CTRL_LOSS_TMO], "600");
	l = settings_loss(&s, "nqn.x");
	assert_string_equal(l.v[LOSS_CTRL_LOSS_TMO], "off");
	assert_string_equal(l.v[LOSS_IOPOLICY], "round-robin");
	assert_string_equal(l.v[LOSS_FAST_IO_FAIL_TMO], "");
	assert_int_equal(set(&s, "Subsystem x", "IOPolicy", "random"), -EINVAL);
	assert_int_equal(set(&s, "Subsystem x", "CtrlLossTmo", "-1"), -EINVAL);
	assert_int_equal(set(&s, "Subsystem x", "CtrlLossTmo", "1500ms"), -EINVAL);
	assert_int_equal(set(&s, "Subsystem x", "ReconnectDelay", "0"), -EINVAL);
	assert_int_equal(set(&s, "Subsystem x", "ReconnectDelay", "off"), -EINVAL);
	assert_int_equal(set(&s, "Removal", "CtrlLossTmo", "1s"), -ENOENT);
	settings_done(&s);
}

static void test_patterns(void **state)
{
	(void) state;
	assert_true(str_glob("*", ""));
	assert_true(str_glob("a*c", "abcbc"));
	assert_true(str_glob("a?c*", "abc"));
	assert_true(str_glob("*a*b*", "xaxxb"));
	assert_false(str_glob("a?c", "ac"));
	assert_false(str_glob("a*c", "abcb"));
	assert_false(str_glob("", "a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_taken_with_their_units),
		cmocka_unit_test(test_what_is_wrong_is_refused),
		cmocka_unit_test(test_of_each_key_the_longest_pattern_that_says_it_counts),
		cmocka_unit_test(test_what_a_loss_costs_is_set_by_pattern),
		cmocka_unit_test(test_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
