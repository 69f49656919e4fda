/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "core/event.h"

static void test_extras_come_back_in_order(void **state)
{
	char key[32], value[EVENT_REASON_SIZE];
	const char *at = NULL;
	struct event e;

	(void) state;
	event_init(&e, EVENT_PATH_GONE, "nvme0c1n1", "usable", "gone");
	assert_int_equal(e.kind, EVENT_KIND_PATH);
	event_add(&e, "controller", "nvme%d", 1);
	event_add(&e, "empty", "%s", "");
	event_add(&e, "detail", "%s", "a=b\nc");
	at = event_extra(&e, at, key, value);
	assert_non_null(at);
	assert_string_equal(key, "controller");
	assert_string_equal(value, "nvme1");
	at = event_extra(&e, at, key, value);
	assert_non_null(at);
	assert_string_equal(key, "detail");
	assert_string_equal(value, "a=b?c");
	assert_null(event_extra(&e, at, key, value));
}

static void test_extras_that_do_not_fit_are_left_out_whole(void **state)
{
	char key[32], value[EVENT_REASON_SIZE], text[EVENT_REASON_SIZE];
	const char *at = NULL;
	unsigned n = 0;
	struct event e;

	(void) state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	event_init(&e, EVENT_PATH_GONE, "p", "", "");
	for (unsigned i = 0; i < 10; i++)
		event_add(&e, "k", "%s", text);
	while ((at = event_extra(&e, at, key, value))) {
		assert_string_equal(value, text);
		n++;
	}
	assert_int_equal(n, EVENT_EXTRA_SIZE / (sizeof(text) + 2));
}

static void test_an_event_concerns_what_it_names(void **state)
{
	struct event e;

	(void) state;
	event_init(&e, EVENT_PATH_GONE, "nvme0c1n1", "", "gone");
	event_add(&e, "controller", "nvme1");
	event_add(&e, "owner", "nvme7");
	assert_true(event_concerns(&e, ""));
	assert_true(event_concerns(&e, "nvme0c1n1"));
	assert_true(event_concerns(&e, "nvme1"));
	assert_false(event_concerns(&e, "nvme7"));
	assert_false(event_concerns(&e, "nvme"));
}

static void give(struct event_list *l, uint64_t when, uint64_t seq)
{
	struct event e;

	event_init(&e, EVENT_PATH_GONE, "p", "", "");
	e.when_usec = when;
	e.seq = seq;
	assert_int_equal(event_list_add(l, &e), 0);
}

static void test_a_list_is_sorted_and_nothing_is_there_twice(void **state)
{
	struct event_list l = {};

	(void) state;
	event_list_sort(&l, 0);
	give(&l, 5, 2);
	give(&l, 1, 9);
	give(&l, 5, 1);
	give(&l, 5, 2);
	event_list_sort(&l, 0);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.v[0]->seq, 9);
	assert_int_equal(l.v[1]->seq, 1);
	assert_int_equal(l.v[2]->seq, 2);
	event_list_sort(&l, 1);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.v[0]->seq, 2);
	event_list_done(&l);
}

static void test_each_id_has_its_kind(void **state)
{
	(void) state;
	for (int i = 0; i < _EVENT_ID_MAX; i++) {
		const char *id = event_id_to_string((enum event_id) i);

		assert_int_equal(strlen(id), 32);
		assert_int_equal(event_id_from_string(id), i);
		assert_non_null(event_kind_to_string(event_id_kind((enum event_id) i)));
	}
	assert_int_equal(event_id_kind(_EVENT_ID_INVALID), _EVENT_KIND_INVALID);
}

static void test_what_a_target_may_send_is_made_harmless(void **state)
{
	char text[] = "a\033[2J\xc3\xa4\xff\xe2\x82\x7f\xc2\x80";

	(void) state;
	str_sanitize(text);
	assert_string_equal(text, "a?[2J\xc3\xa4?" "??" "?" "??");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extras_come_back_in_order),
		cmocka_unit_test(test_extras_that_do_not_fit_are_left_out_whole),
		cmocka_unit_test(test_an_event_concerns_what_it_names),
		cmocka_unit_test(test_a_list_is_sorted_and_nothing_is_there_twice),
		cmocka_unit_test(test_each_id_has_its_kind),
		cmocka_unit_test(test_what_a_target_may_send_is_made_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
