/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "core/hint.h"

#define UEVENT(text, h) uevent_hint(text, sizeof(text), h)

static void test_a_path_state_event_names_its_path(void **state)
{
	struct hint h;

	(void) state;
	UEVENT("change@/devices/virtual/nvme-fabrics/ctl/nvme3\0ACTION=change\0"
	       "DEVPATH=/devices/virtual/nvme-fabrics/ctl/nvme3\0SUBSYSTEM=nvme\0"
	       "NVME_EVENT=path_state\0NVME_PATH=nvme1c3n1\0NVME_SEQ=7", &h);
	assert_int_equal(h.kind, HINT_PATH);
	assert_string_equal(h.name, "nvme1c3n1");
	assert_true(h.tells_all);
	assert_false(h.early);
}

static void test_an_ana_event_means_its_controller(void **state)
{
	struct hint h;

	(void) state;
	UEVENT("change@/devices/x/nvme3\0ACTION=change\0DEVPATH=/devices/x/nvme3\0"
	       "SUBSYSTEM=nvme\0NVME_EVENT=ana\0NVME_ANA_GRPID=17", &h);
	assert_int_equal(h.kind, HINT_CONTROLLER);
	assert_string_equal(h.name, "nvme3");
	assert_int_equal(h.ana_group, 17);
	assert_false(h.tells_all);
	UEVENT("change@/x/nvme3\0ACTION=change\0DEVPATH=/x/nvme3\0"
	       "SUBSYSTEM=nvme\0NVME_EVENT=ana\0NVME_ANA_GRPID=4294967296", &h);
	assert_int_equal(h.kind, HINT_CONTROLLER);
	assert_int_equal(h.ana_group, 0);
}

static void test_a_controller_state_event_means_all_of_its_paths(void **state)
{
	struct hint h;

	(void) state;
	UEVENT("change@/x/nvme3\0ACTION=change\0DEVPATH=/x/nvme3\0SUBSYSTEM=nvme\0"
	       "NVME_EVENT=ctrl_state\0NVME_CTRL_STATE=live\0NVME_ANA_GRPID=1\0NVME_SEQ=1", &h);
	assert_int_equal(h.kind, HINT_CONTROLLER);
	assert_int_equal(h.ana_group, 0);
	assert_true(h.tells_all);
}

static void test_what_comes_and_goes_is_a_look_at_everything(void **state)
{
	struct hint h;

	(void) state;
	UEVENT("add@/devices/x/nvme3\0ACTION=add\0DEVPATH=/devices/x/nvme3\0SUBSYSTEM=nvme", &h);
	assert_int_equal(h.kind, HINT_ALL);
	UEVENT("change@/x/nvme3\0ACTION=change\0DEVPATH=/x/nvme3\0SUBSYSTEM=nvme\0"
	       "NVME_EVENT=connected", &h);
	assert_int_equal(h.kind, HINT_ALL);
	assert_false(h.tells_all);
	UEVENT("change@/b/nvme0n1\0ACTION=change\0DEVPATH=/b/nvme0n1\0SUBSYSTEM=block", &h);
	assert_int_equal(h.kind, HINT_ALL);
	UEVENT("change@/b/sda\0ACTION=change\0DEVPATH=/b/sda\0SUBSYSTEM=block", &h);
	assert_int_equal(h.kind, HINT_NONE);
	UEVENT("add@/b/eth0\0ACTION=add\0DEVPATH=/b/eth0\0SUBSYSTEM=net", &h);
	assert_int_equal(h.kind, HINT_NONE);
}

static void test_a_message_that_is_cut_off_is_not_read_beyond(void **state)
{
	static const char text[] = "change@/x\0ACTION=change\0SUBSYSTEM=nvme";
	struct hint h;

	(void) state;
	uevent_hint(text, sizeof(text) - 1, &h);
	assert_int_equal(h.kind, HINT_NONE);	/* its subsystem did not end */
	uevent_hint("", 0, &h);
	assert_int_equal(h.kind, HINT_NONE);
	UEVENT("change@/x\0ACTION=change\0DEVPATH=/x\0SUBSYSTEM=nvme\0NVME_EVENT=path_state\0"
	       "NVME_PATH=a-name-that-is-longer-than-any-disk-name", &h);
	assert_int_equal(h.kind, HINT_ALL);
	assert_string_equal(h.name, "");
}

static void test_async_events_are_told_by_number(void **state)
{
	struct hint h;

	(void) state;
	async_event_hint(12, 0x0c0302, &h);
	assert_int_equal(h.kind, HINT_CONTROLLER);
	assert_string_equal(h.name, "nvme12");
	assert_true(h.early);
	async_event_hint(12, 0x040002, &h);
	assert_int_equal(h.kind, HINT_ALL);
	async_event_hint(12, 0x020101, &h);	/* SMART */
	assert_int_equal(h.kind, HINT_NONE);
	async_event_hint(-1, 0x0c0302, &h);
	assert_int_equal(h.kind, HINT_NONE);
}

static const char format[] =
	"name: nvme_async_event\nID: 1234\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"\tfield:int ctrl_id;\toffset:8;\tsize:4;\tsigned:1;\n"
	"\tfield:u32 result;\toffset:12;\tsize:4;\tsigned:0;\n\n"
	"print fmt: \"nvme%d: NVME_AEN=%#08x\", REC->ctrl_id, REC->result\n";

static void test_the_format_says_where_the_fields_are(void **state)
{
	struct trace_format f;

	(void) state;
	assert_int_equal(trace_format_parse(format, &f), 0);
	assert_int_equal(f.id, 1234);
	assert_int_equal(f.ctrl_id_offset, 8);
	assert_int_equal(f.result_offset, 12);
	assert_int_equal(trace_format_parse("", &f), -EINVAL);
	assert_int_equal(trace_format_parse("ID: 7\nfield:u16 ctrl_id;\toffset:8;\tsize:2;\n", &f),
			 -EINVAL);
}

struct seen {
	unsigned n;
	int32_t ctrl_id;
	uint32_t result;
};

static void see(void *userdata, int32_t ctrl_id, uint32_t result)
{
	struct seen *s = userdata;

	s->n++;
	s->ctrl_id = ctrl_id;
	s->result = result;
}

static size_t put_u32(unsigned char *page, size_t at, uint32_t v)
{
	memcpy(page + at, &v, sizeof(v));
	return at + 4;
}

/* A time extend, another event, ours in the short form, ours in the long one. */
static size_t make_page(unsigned char *page, uint32_t flags)
{
	size_t at = 16;

	at = put_u32(page, at, 30 | 5 << 5);
	at = put_u32(page, at, 0);
	at = put_u32(page, at, 2);
	at = put_u32(page, at, 77);
	at = put_u32(page, at, 0);
	at = put_u32(page, at, 4 | 9 << 5);
	at = put_u32(page, at, 1234);
	at = put_u32(page, at, 0);
	at = put_u32(page, at, 3);
	at = put_u32(page, at, 0x0c0302);
	at = put_u32(page, at, 0);
	at = put_u32(page, at, 20);
	at = put_u32(page, at, 1234);
	at = put_u32(page, at, 0);
	at = put_u32(page, at, 4);
	at = put_u32(page, at, 0x040002);
	memset(page, 0, 16);
	put_u32(page, 8, (uint32_t) (at - 16) | flags);
	return at;
}

static void test_records_are_found_in_a_page(void **state)
{
	const struct trace_format f = { 1234, 8, 12 };
	unsigned char page[256] = {};
	struct seen s = {};
	size_t n;

	(void) state;
	n = make_page(page, 0);
	assert_int_equal(trace_page_decode(&f, page, n, see, &s), 0);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.ctrl_id, 4);
	assert_int_equal(s.result, 0x040002);
	n = make_page(page, 1U << 31);
	assert_int_equal(trace_page_decode(&f, page, n, see, &s), 1);
}

static void test_no_cut_of_a_page_is_read_beyond(void **state)
{
	const struct trace_format f = { 1234, 8, 12 };
	unsigned char page[256] = {};
	size_t n;

	(void) state;
	n = make_page(page, 0);
	for (size_t size = 0; size < n; size++) {
		unsigned char *cut = malloc(size ? size : 1);
		struct seen s = {};

		memcpy(cut, page, size);
		assert_int_equal(trace_page_decode(&f, cut, size, see, &s), -EBADMSG);
		if (size >= 16) {	/* and where the page says that it is short */
			put_u32(cut, 8, (uint32_t) (size - 16));
			(void) trace_page_decode(&f, cut, size, see, &s);
		}
		free(cut);
	}
}

static void test_a_recording_is_text(void **state)
{
	struct hint h;

	(void) state;
	assert_int_equal(recording_hint("# a remark", &h), 0);
	assert_int_equal(h.kind, HINT_NONE);
	assert_int_equal(recording_hint("overrun", &h), 0);
	assert_int_equal(h.kind, HINT_ALL);
	assert_int_equal(recording_hint("trace\t2\t787202", &h), 0);
	assert_string_equal(h.name, "nvme2");
	assert_int_equal(recording_hint("uevent\tchange@/x/nvme1\tACTION=change\t"
					"DEVPATH=/x/nvme1\tSUBSYSTEM=nvme\tNVME_EVENT=ctrl_state", &h), 0);
	assert_int_equal(h.kind, HINT_CONTROLLER);
	assert_int_equal(recording_hint("trace\t2", &h), -EINVAL);
	assert_int_equal(recording_hint("what", &h), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_path_state_event_names_its_path),
		cmocka_unit_test(test_an_ana_event_means_its_controller),
		cmocka_unit_test(test_a_controller_state_event_means_all_of_its_paths),
		cmocka_unit_test(test_what_comes_and_goes_is_a_look_at_everything),
		cmocka_unit_test(test_a_message_that_is_cut_off_is_not_read_beyond),
		cmocka_unit_test(test_async_events_are_told_by_number),
		cmocka_unit_test(test_the_format_says_where_the_fields_are),
		cmocka_unit_test(test_records_are_found_in_a_page),
		cmocka_unit_test(test_no_cut_of_a_page_is_read_beyond),
		cmocka_unit_test(test_a_recording_is_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
