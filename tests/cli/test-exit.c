/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "bus.h"

static void test_error_names_become_exit_codes(void **state)
{
	(void) state;
	assert_int_equal(exit_from_error_name(NVMPATH_ERROR_NO_SUCH_OBJECT), 3);
	assert_int_equal(exit_from_error_name(NVMPATH_ERROR_LAST_PATH), 4);
	assert_int_equal(exit_from_error_name(NVMPATH_ERROR_REFUSED), 4);
	assert_int_equal(exit_from_error_name(NVMPATH_ERROR_BUSY), 4);
	assert_int_equal(exit_from_error_name(NVMPATH_ERROR_DRAIN_TIMEOUT), 5);
	assert_int_equal(exit_from_error_name(NVMPATH_ERROR_KERNEL_LACKS), 8);
	assert_int_equal(exit_from_error_name(NVMPATH_ERROR_INVALID_OBJECT), 2);
	assert_int_equal(exit_from_error_name(NVMPATH_ERROR_FAILED), 1);
	assert_int_equal(exit_from_error_name(SD_BUS_ERROR_ACCESS_DENIED), 6);
	assert_int_equal(exit_from_error_name(SD_BUS_ERROR_SERVICE_UNKNOWN), 7);
	assert_int_equal(exit_from_error_name("org.example.New"), 1);
	assert_int_equal(exit_from_error_name(NULL), 1);
}

static void test_errno_of_either_sign_becomes_an_exit_code(void **state)
{
	(void) state;
	assert_int_equal(exit_from_errno(ETIMEDOUT), 5);
	assert_int_equal(exit_from_errno(-ETIMEDOUT), 5);
	assert_int_equal(exit_from_errno(EBUSY), 4);
	assert_int_equal(exit_from_errno(EACCES), 6);
	assert_int_equal(exit_from_errno(ECANCELED), 1);
	assert_int_equal(exit_from_errno(0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error_names_become_exit_codes),
		cmocka_unit_test(test_errno_of_either_sign_becomes_an_exit_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
