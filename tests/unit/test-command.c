/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "check.h"
#include "core/command.h"

static struct command good(enum command_kind kind)
{
	struct command c = {
		.magic = COMMAND_MAGIC, .version = COMMAND_VERSION, .kind = kind,
	};

	if (kind == COMMAND_ATTACH || kind == COMMAND_DETACH)
		c.nsid = c.cntlid = 1;
	return c;
}

static void test_each_kind_has_a_word_and_passes(void **state)
{
	(void) state;
	for (int k = 0; k < _COMMAND_KIND_MAX; k++) {
		struct command c = good(k);

		assert_int_equal(command_kind_from_string(command_kind_to_string(k)), k);
		assert_int_equal(command_check(&c, sizeof(c)), k == COMMAND_USERS ? -EPROTO : 0);
	}
	for (int s = 0; s < _HELPER_STATE_MAX; s++)
		assert_int_equal(helper_state_from_string(helper_state_to_string(s)), s);
}

static void test_numbers_out_of_range_are_no_command(void **state)
{
	struct command c = good(COMMAND_DETACH);

	(void) state;
	c.nsid = UINT32_MAX;
	assert_int_equal(command_check(&c, sizeof(c)), -EPROTO);
	c.nsid = 0;
	assert_int_equal(command_check(&c, sizeof(c)), -EPROTO);
	c = good(COMMAND_ATTACH);
	c.cntlid = UINT16_MAX + 1;
	assert_int_equal(command_check(&c, sizeof(c)), -EPROTO);
	c = good(COMMAND_IDENTIFY);
	c.nsid = 1;
	assert_int_equal(command_check(&c, sizeof(c)), -EPROTO);
	c = good(COMMAND_HELLO);
	c.kind = _COMMAND_KIND_MAX;
	assert_int_equal(command_check(&c, sizeof(c)), -EPROTO);
	c = good(COMMAND_HELLO);
	assert_int_equal(command_check(&c, sizeof(c) - 1), -EPROTO);
}

static void test_a_text_ends_where_it_says(void **state)
{
	struct command *c = calloc(1, sizeof(*c) + 8);

	(void) state;
	*c = good(COMMAND_USERS);
	c->text_size = 6;
	strcpy(c->text, "/dev\n");
	assert_int_equal(command_check(c, sizeof(*c) + 6), 0);
	assert_int_equal(command_check(c, sizeof(*c) + 7), -EPROTO);
	c->text[2] = '\0';
	assert_int_equal(command_check(c, sizeof(*c) + 6), -EPROTO);
	c->text[2] = 'e';
	c->text[5] = 'x';
	assert_int_equal(command_check(c, sizeof(*c) + 6), -EPROTO);
	free(c);
}

static void test_an_answer_is_one_to_what_was_asked(void **state)
{
	struct answer a = {
		.magic = COMMAND_MAGIC, .version = COMMAND_VERSION,
		.kind = COMMAND_IDENTIFY, .result = -EIO, .has_ns_management = 1,
	};

	(void) state;
	assert_int_equal(answer_check(&a, sizeof(a), COMMAND_IDENTIFY), 0);
	assert_int_equal(answer_check(&a, sizeof(a), COMMAND_DETACH), -EPROTO);
	a.result = 1;
	assert_int_equal(answer_check(&a, sizeof(a), COMMAND_IDENTIFY), -EPROTO);
	a.result = INT32_MIN;
	assert_int_equal(answer_check(&a, sizeof(a), COMMAND_IDENTIFY), -EPROTO);
	a.result = 0;
	a.has_ns_management = 2;
	assert_int_equal(answer_check(&a, sizeof(a), COMMAND_IDENTIFY), -EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_has_a_word_and_passes),
		cmocka_unit_test(test_numbers_out_of_range_are_no_command),
		cmocka_unit_test(test_a_text_ends_where_it_says),
		cmocka_unit_test(test_an_answer_is_one_to_what_was_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
