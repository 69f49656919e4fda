/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "build-model.h"
#include "doctor.h"

#define _cleanup_findings_ _cleanup_(findings_done)
#define _cleanup_model_ _cleanup_(model_done)

static const char * const paths[] = { "nvme0c0n1", "nvme0c1n1" };

/* One namespace over n controllers of tcp, with these settings. */
static void build_loss(struct model *m, size_t n, int64_t loss, int64_t fast, int64_t delay)
{
	for (int i = 0; i < (int) n; i++)
		(void) build_path(m, i, "optimized", true);
	(void) build_head(m, paths, n, (unsigned int) n);
	model_finish(m);
	for (size_t i = 0; i < n; i++) {
		struct controller *c = (struct controller *)
			m->lists[KIND_CONTROLLER].objects[i];

		set_text(&c->transport, "tcp");
		set_list(&c->paths, &paths[i], 1);
		c->ctrl_loss_tmo_sec = loss;
		c->fast_io_fail_tmo_sec = fast;
		c->reconnect_delay_sec = delay;
	}
}

static bool has(const struct findings *f, enum finding_level level, const char *what)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].level == level && strstr(f->list[i].what, what))
			return *f->list[i].remedy || level == FINDING_OK;
	return false;
}

static void test_the_defaults_of_the_kernel_are_no_finding(void **state)
{
	_cleanup_findings_ struct findings f = { 0 };
	_cleanup_model_ struct model m = { 0 };

	(void) state;
	build_loss(&m, 2, 600, NVMPATH_SEC_OFF, 10);
	doctor_examine_loss(&m, &f);
	assert_int_equal(f.n, 0);
}

static void test_giving_up_early_is_a_warning(void **state)
{
	_cleanup_findings_ struct findings f = { 0 };
	_cleanup_model_ struct model m = { 0 };

	(void) state;
	build_loss(&m, 2, 30, NVMPATH_SEC_OFF, 10);
	doctor_examine_loss(&m, &f);
	assert_true(has(&f, FINDING_WARNING, "nvme0 is given up after 30 s"));
	assert_true(has(&f, FINDING_NOTE, "nvme0n1: without a path I/O fails after 30 s"));
}

static void test_a_single_path_makes_a_short_fast_io_fail_worse(void **state)
{
	_cleanup_findings_ struct findings f = { 0 };
	_cleanup_model_ struct model m = { 0 };

	(void) state;
	build_loss(&m, 1, 600, 5, 10);
	doctor_examine_loss(&m, &f);
	assert_int_equal(f.n, 1);
	assert_true(has(&f, FINDING_WARNING, "nvme0n1: without a path I/O fails after 5 s"));
}

static void test_never_giving_up_is_noted_where_there_is_redundancy(void **state)
{
	_cleanup_findings_ struct findings two = { 0 }, one = { 0 };
	_cleanup_model_ struct model m = { 0 }, alone = { 0 };

	(void) state;
	build_loss(&m, 2, NVMPATH_SEC_OFF, NVMPATH_SEC_OFF, 10);
	doctor_examine_loss(&m, &two);
	assert_int_equal(two.n, 2);
	assert_true(has(&two, FINDING_NOTE, "nvme1 is never given up"));
	build_loss(&alone, 1, NVMPATH_SEC_OFF, NVMPATH_SEC_OFF, 10);
	doctor_examine_loss(&alone, &one);
	assert_int_equal(one.n, 0);
}

static void test_reconnecting_late_or_never(void **state)
{
	_cleanup_findings_ struct findings never = { 0 }, late = { 0 };
	_cleanup_model_ struct model m = { 0 }, slow = { 0 };

	(void) state;
	build_loss(&m, 2, 100, NVMPATH_SEC_OFF, 120);
	doctor_examine_loss(&m, &never);
	assert_true(has(&never, FINDING_WARNING, "reconnect_delay (120 s) is longer"));
	build_loss(&slow, 2, 600, NVMPATH_SEC_OFF, 60);
	doctor_examine_loss(&slow, &late);
	assert_true(has(&late, FINDING_NOTE, "nvme0 is reconnected to every 60 s only"));
}

static void test_what_is_unknown_is_said_once(void **state)
{
	_cleanup_findings_ struct findings f = { 0 };
	_cleanup_model_ struct model m = { 0 };

	(void) state;
	build_loss(&m, 2, -1, -1, -1);
	doctor_examine_loss(&m, &f);
	assert_int_equal(f.n, 1);
	assert_true(has(&f, FINDING_NOTE, "ctrl_loss_tmo of nvme0 and 1 more is unknown"));
}

static void test_rights_are_those_of_the_bus(void **state)
{
	struct doctor_host root = { .uid = 0, .udev = "active" };
	struct doctor_host user = { .uid = 1000, .udev = "inactive",
		.rights = { RIGHT_YES, RIGHT_ASKS, RIGHT_NO, RIGHT_UNKNOWN } };
	_cleanup_findings_ struct findings a = { 0 }, b = { 0 };
	_cleanup_model_ struct model m = { 0 };

	(void) state;
	doctor_examine(&m, &root, 0, &a);
	assert_int_equal(findings_worst(&a), FINDING_OK);
	assert_true(has(&a, FINDING_OK, "you are root"));
	assert_true(has(&a, FINDING_OK, "udev runs"));
	doctor_examine(&m, &user, 0, &b);
	assert_true(has(&b, FINDING_OK, "you may use history, plan and monitor"));
	assert_true(has(&b, FINDING_NOTE, "hold and release: authorisation is asked for"));
	assert_true(has(&b, FINDING_NOTE, "with-held: you are not authorised"));
	assert_true(has(&b, FINDING_NOTE, "--force: you are not root"));
	assert_true(has(&b, FINDING_WARNING, "udev is inactive"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_defaults_of_the_kernel_are_no_finding),
		cmocka_unit_test(test_giving_up_early_is_a_warning),
		cmocka_unit_test(test_a_single_path_makes_a_short_fast_io_fail_worse),
		cmocka_unit_test(test_never_giving_up_is_noted_where_there_is_redundancy),
		cmocka_unit_test(test_reconnecting_late_or_never),
		cmocka_unit_test(test_what_is_unknown_is_said_once),
		cmocka_unit_test(test_rights_are_those_of_the_bus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
