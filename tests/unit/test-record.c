/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "check.h"
#include "policy/record.h"

static char dir[] = "/tmp/nvmpath-record-XXXXXX";

static void save(const char *name, const char *boot, int64_t n)
{
	_cleanup_(json_freep) struct json_object *o = json_object_new_object();

	record_add_number(o, "n", n);
	record_add_text(o, "text", "a \"b\"\n");
	assert_int_equal(record_save(dir, name, boot, o), 0);
}

static void sum(void *userdata, const char *name, struct json_object *o)
{
	(void) name;
	assert_string_equal(record_text(o, "text"), "a \"b\"\n");
	*(int64_t *) userdata += record_number(o, "n", -1000);
}

static unsigned files(void)
{
	unsigned n = 0;
	struct dirent *e;
	DIR *d = opendir(dir);

	while ((e = readdir(d)))
		n += e->d_name[0] != '.' || (e->d_name[1] && e->d_name[1] != '.');
	closedir(d);
	return n;
}

static void test_records_come_back_whole(void **state)
{
	int64_t n = 0;

	(void) state;
	save("hold-1.json", "boot", 1);
	save("hold-2.json", "boot", 2);
	save("hold-2.json", "boot", 20);
	save("removal-1.json", "boot", 400);
	assert_int_equal(files(), 3);	/* no temporary file is left */
	assert_int_equal(record_each(dir, "hold-", "boot", sum, &n), 0);
	assert_int_equal(n, 21);
}

static void test_records_of_another_boot_are_dropped(void **state)
{
	int64_t n = 0;

	(void) state;
	assert_int_equal(record_each(dir, "hold-", "other", sum, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(files(), 1);
}

static void test_numbers_are_those_of_the_files(void **state)
{
	const char *const files_there[] = {
		"removal-7.json", "removal-12.json", ".removal-90.json", "removal-13",
		"removal-x.json", "removal-99999999999999999999.json", "removal-.json", "hold-40.json",
	};
	char path[sizeof(dir) + 64];

	(void) state;	/* one is there from before */
	assert_int_equal(record_highest("/nowhere", "removal-"), 0);
	assert_int_equal(record_highest(dir, "removal-"), 1);
	for (size_t i = 0; i < ARRAY_SIZE(files_there); i++) {
		(void) snprintf(path, sizeof(path), "%s/%s", dir, files_there[i]);
		fclose(fopen(path, "we"));
	}
	assert_int_equal(record_highest(dir, "removal-"), 12);
	for (size_t i = 0; i < ARRAY_SIZE(files_there); i++)
		record_remove(dir, files_there[i]);
}

static void test_a_broken_record_is_left_alone(void **state)
{
	char path[sizeof(dir) + 32];
	int64_t n = 0;
	FILE *f;

	(void) state;
	(void) snprintf(path, sizeof(path), "%s/hold-3.json", dir);
	f = fopen(path, "we");
	fputs("{ \"n\": 3", f);
	fclose(f);
	assert_int_equal(record_each(dir, "hold-", "boot", sum, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(files(), 2);
	record_remove(dir, "hold-3.json");
	record_remove(dir, "hold-3.json");	/* twice is no harm */
	record_remove(dir, "removal-1.json");
	assert_int_equal(files(), 0);
}

static void write_file(const char *name, const char *text)
{
	char path[sizeof(dir) + 32];
	FILE *f;

	(void) snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	fputs(text, f);
	fclose(f);
}

static void test_records_of_a_newer_daemon_are_left_alone(void **state)
{
	int64_t n = 0;

	(void) state;
	write_file("hold-4.json", "{ \"boot_id\": \"boot\", \"version\": 99, \"n\": 3 }");
	write_file("hold-5.json", "[ \"boot\" ]");
	assert_int_equal(record_each(dir, "hold-", "boot", sum, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(files(), 2);
	record_remove(dir, "hold-4.json");
	record_remove(dir, "hold-5.json");
}

static void test_members_of_another_type_are_the_fallback(void **state)
{
	_cleanup_(json_freep) struct json_object *o = json_object_new_object();

	(void) state;
	record_add_text(o, "a", "1");
	record_add_number(o, "b", 2);
	assert_int_equal(record_number(o, "a", 7), 7);
	assert_int_equal(record_number(o, "c", 7), 7);
	assert_string_equal(record_text(o, "b"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_come_back_whole),
		cmocka_unit_test(test_records_of_another_boot_are_dropped),
		cmocka_unit_test(test_numbers_are_those_of_the_files),
		cmocka_unit_test(test_a_broken_record_is_left_alone),
		cmocka_unit_test(test_records_of_a_newer_daemon_are_left_alone),
		cmocka_unit_test(test_members_of_another_type_are_the_fallback),
	};
	int r;

	log_set_level(LOG_EMERG);
	if (!mkdtemp(dir))
		return 1;
	r = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(dir);
	return r;
}
