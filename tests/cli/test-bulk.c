/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "bulk.h"
#include "props.h"
#include "util.h"

#define FIRST "nvmpath-objects\t1\n"

static void assert_bus_path(const struct object *o, const char *path)
{
	_cleanup_free_ char *got = NULL;

	assert_int_equal(object_bus_path(o, &got), 0);
	assert_string_equal(got, path);
}

static int parse(const char *text, struct model *m)
{
	return bulk_parse(strdup(text), m);
}

static void test_values_land_where_they_belong(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	const struct path *p;

	(void) state;
	assert_int_equal(0, parse(FIRST
		"#controller\tName\tState\tCntlId\tNumaNode\tPaths\n"
		"nvme10\tlive\t11\t-1\tnvme0c10n1 nvme0c10n2\n"
		"nvme2\tconnecting\t3\t0\t\n"
		"#path\tName\tController\tNSID\tUsable\tHoldSinceUSec\n"
		"nvme0c10n1\tnvme10\t4294967295\t1\t18446744073709551615\n"
		"#removal\tId\tErrno\tInFlight\n"
		"12\t-110\t-1\n", &m));
	assert_int_equal(m.lists[KIND_CONTROLLER].n, 2);
	assert_string_equal(m.lists[KIND_CONTROLLER].objects[0]->name, "nvme2");
	assert_int_equal(model_controller(&m, "nvme10")->numa_node, -1);
	assert_int_equal(strv_len(model_controller(&m, "nvme10")->paths), 2);
	assert_string_equal(model_controller(&m, "nvme10")->paths[1], "nvme0c10n2");
	assert_int_equal(strv_len(model_controller(&m, "nvme2")->paths), 0);
	p = model_path(&m, "nvme0c10n1");
	assert_bus_path(&p->object, NVMPATH_OBJ_PATH "/nvme0c10n1");
	assert_ptr_equal(p->ctrl, model_controller(&m, "nvme10"));
	assert_int_equal(p->nsid, UINT32_MAX);
	assert_true(p->usable);
	assert_true(p->hold_since_usec == UINT64_MAX);
	assert_int_equal(((struct removal *) m.lists[KIND_REMOVAL].objects[0])->error, -110);
	assert_bus_path(m.lists[KIND_REMOVAL].objects[0], NVMPATH_OBJ_REMOVAL "/_312");
}

static void test_what_has_no_column_is_unknown(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };

	(void) state;
	assert_int_equal(0, parse(FIRST "#path\tName\nnvme0c0n1\n", &m));
	assert_int_equal(model_path(&m, "nvme0c0n1")->in_flight, COUNTER_UNKNOWN);
	assert_string_equal(model_path(&m, "nvme0c0n1")->path_state, "");
}

static void test_escapes_are_undone(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };

	(void) state;
	assert_int_equal(0, parse(FIRST "#path\tName\tHoldReason\tHoldOwner\n"
				  "nvme0c0n1\ta\\tb\\nc\\\\d\\\\n\t\\\n", &m));
	assert_string_equal(model_path(&m, "nvme0c0n1")->hold_reason, "a\tb\nc\\d\\n");
	assert_string_equal(model_path(&m, "nvme0c0n1")->hold_owner, "\\");
}

static void test_unknown_kinds_and_columns_are_skipped(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };

	(void) state;
	assert_int_equal(0, parse(FIRST "#fabric\tName\tNSID\nx\tnot a number\n"
				  "#path\tName\tColour\tNSID\tNSID\nnvme0c0n1\tred\t7\t8\n", &m));
	assert_int_equal(m.lists[KIND_PATH].n, 1);
	assert_int_equal(model_path(&m, "nvme0c0n1")->nsid, 7);
}

static void test_another_version_leaves_the_model_alone(void **state)
{
	static const char * const texts[] = {
		"", "nvmpath-objects\t2\n#path\tName\nx\n", "nvmpath-objects\t1",
		"nvmpath-objects\t10\n", "{}",
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_(model_done) struct model m = { 0 };

		assert_int_equal(-EPROTONOSUPPORT, parse(texts[i], &m));
		assert_int_equal(m.lists[KIND_PATH].n, 0);
	}
}

static void test_what_is_broken_is_refused(void **state)
{
	static const char * const texts[] = {
		FIRST "#path\tName\tNSID\nnvme0c0n1\t7",	/* cut off */
		FIRST "#path\tName\tNSID\nnvme0c0n1\n",		/* a field too few */
		FIRST "#path\tName\tNSID\nnvme0c0n1\t7x\n",
		FIRST "#path\tName\tNSID\nnvme0c0n1\t111111111111111111111111111\n",
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_(model_done) struct model m = { 0 };

		assert_int_equal(-EBADMSG, parse(texts[i], &m));
	}
}

static int file_of(const char *text, int seals)
{
	int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

static void test_only_a_sealed_file_is_read(void **state)
{
	static const int seals[] = { 0, F_SEAL_SHRINK, F_SEAL_WRITE };
	_cleanup_(model_done) struct model m = { 0 };
	int fd;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(seals); i++) {
		fd = file_of(FIRST, seals[i]);
		assert_int_equal(-EINVAL, bulk_read(fd, &m));
		(void) close(fd);
	}
	fd = file_of(FIRST "#path\tName\nnvme0c0n1\n", F_SEAL_SHRINK | F_SEAL_WRITE);
	assert_int_equal(0, bulk_read(fd, &m));
	assert_non_null(model_path(&m, "nvme0c0n1"));
	(void) close(fd);
}

static void test_an_empty_file_is_no_map(void **state)
{
	_cleanup_(model_done) struct model m = { 0 };
	int fd = file_of("", F_SEAL_SHRINK | F_SEAL_WRITE);

	(void) state;
	assert_int_equal(-EPROTONOSUPPORT, bulk_read(fd, &m));
	(void) close(fd);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_land_where_they_belong),
		cmocka_unit_test(test_what_has_no_column_is_unknown),
		cmocka_unit_test(test_escapes_are_undone),
		cmocka_unit_test(test_unknown_kinds_and_columns_are_skipped),
		cmocka_unit_test(test_another_version_leaves_the_model_alone),
		cmocka_unit_test(test_what_is_broken_is_refused),
		cmocka_unit_test(test_only_a_sealed_file_is_read),
		cmocka_unit_test(test_an_empty_file_is_no_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
