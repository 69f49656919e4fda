/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mountinfo and swaps, as the kernel writes them. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "kernel/mounts.h"

typedef int (*reader_t)(FILE *f, const char *dev, const struct names *nodes, struct lines *ret);

static void read_text(reader_t reader, const char *text, struct lines *ret)
{
	struct names nodes = {};
	char copy[1024];
	FILE *f;

	(void) snprintf(copy, sizeof(copy), "%s", text);
	f = fmemopen(copy, strlen(copy), "r");
	assert_non_null(f);
	assert_true(names_add(&nodes, "nvme9n1p2") >= 0);
	assert_true(names_add(&nodes, "nvme9n1") >= 0);
	assert_int_equal(reader(f, "/dev", &nodes, ret), 0);
	(void) fclose(f);
	names_done(&nodes);
}

static void test_a_mount_is_told_once_with_its_folder(void **state)
{
	struct lines found = {};

	(void) state;
	read_text(mounts_read,
		  "22 28 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n"
		  "36 28 0:40 / /srv/with\\040space rw shared:1 master:4 - btrfs /dev/nvme9n1p2 rw\n"
		  "37 28 0:40 / /srv/with\\040space rw - btrfs /dev/nvme9n1p2 rw\n"
		  "38 28 0:41 / /a\\012b rw - xfs /dev/nvme9n1 rw\n"
		  "39 28 0:42 / /other rw - xfs /dev/nvme9n10 rw\n"
		  "40 28 0:43 / /short rw\n", &found);
	assert_int_equal(found.n, 2);
	assert_string_equal(found.v[0], "nvme9n1p2 /srv/with space");
	assert_string_equal(found.v[1], "nvme9n1 /a?b");
	lines_done(&found);
}

static void test_swap_is_told(void **state)
{
	struct lines found = {};

	(void) state;
	read_text(swaps_read,
		  "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
		  "/dev/nvme9n1p2                          partition\t1048572\t\t0\t\t-2\n"
		  "/dev/nvme9n10                           partition\t1048572\t\t0\t\t-3\n"
		  "/nvme9n1                                file\t\t1048572\t\t0\t\t-4\n", &found);
	assert_int_equal(found.n, 1);
	assert_string_equal(found.v[0], "nvme9n1p2 [SWAP]");
	lines_done(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_mount_is_told_once_with_its_folder),
		cmocka_unit_test(test_swap_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
