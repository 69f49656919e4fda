/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "build-model.h"
#include "outlook.h"

#define _cleanup_model_ _cleanup_(model_done)

static const char * const paths[] = { "nvme0c0n1", "nvme0c1n1", "nvme0c2n1" };

/* One namespace over n controllers, through these interfaces, to these ports; "" is unknown. */
static void build_fabric(struct model *m, size_t n, const char * const *ifaces,
			 const char * const *ports)
{
	for (int i = 0; i < (int) n; i++)
		(void) build_path(m, i, "optimized", true);
	(void) build_head(m, paths, n, (unsigned int) n);
	model_finish(m);
	for (size_t i = 0; i < n; i++) {
		struct controller *c = (struct controller *)
			m->lists[KIND_CONTROLLER].objects[i];

		set_text(&c->host_iface, ifaces[i]);
		set_text(&c->traddr, ports[i]);
	}
}

static const char * const two_ifaces[] = { "eth0", "eth1", "eth1" };
static const char * const one_iface[] = { "eth0", "eth0", "eth0" };
static const char * const none[] = { "", "", "" };
static const char * const three_ports[] = { "10.0.0.1", "10.0.0.2", "10.0.0.3" };
static const char * const one_port[] = { "10.0.0.1", "10.0.0.1", "10.0.0.1" };

static void test_a_last_path_hangs_on_its_controller(void **state)
{
	_cleanup_outlook_ struct outlook o = { 0 };
	_cleanup_model_ struct model m = { 0 };

	(void) state;
	build_fabric(&m, 2, two_ifaces, three_ports);
	((struct path *) model_find(&m, KIND_PATH, "nvme0c0n1"))->usable = false;
	outlook_make(&m, &o);
	assert_int_equal(o.n, 1);
	assert_string_equal(o.losses[0].object, "nvme1");
	assert_int_equal(o.losses[0].n, 1);
	assert_string_equal(o.losses[0].namespaces[0], "nvme0n1");
}

static void test_an_interface_that_all_paths_share_is_told(void **state)
{
	_cleanup_outlook_ struct outlook o = { 0 };
	_cleanup_model_ struct model m = { 0 };

	(void) state;
	build_fabric(&m, 3, one_iface, three_ports);
	outlook_make(&m, &o);
	assert_int_equal(o.n, 1);
	assert_string_equal(o.losses[0].object, "host-iface=eth0");
}

static void test_so_is_a_port_of_the_target(void **state)
{
	_cleanup_outlook_ struct outlook o = { 0 };
	_cleanup_model_ struct model m = { 0 };

	(void) state;
	build_fabric(&m, 3, none, one_port);
	outlook_make(&m, &o);
	assert_int_equal(o.n, 1);
	assert_string_equal(o.losses[0].object, "traddr=10.0.0.1");
}

static void test_two_paths_leave_one_and_three_may_leave_one(void **state)
{
	_cleanup_outlook_ struct outlook pair = { 0 }, three = { 0 }, apart = { 0 };
	_cleanup_model_ struct model a = { 0 }, b = { 0 }, c = { 0 };

	(void) state;
	build_fabric(&a, 2, two_ifaces, three_ports);
	outlook_make(&a, &pair);
	assert_int_equal(pair.n, 0);
	assert_int_equal(pair.nearly, 1);
	/* eth1 takes two of the three with it */
	build_fabric(&b, 3, two_ifaces, three_ports);
	outlook_make(&b, &three);
	assert_int_equal(three.n, 0);
	assert_int_equal(three.nearly, 1);
	build_fabric(&c, 3, none, three_ports);
	outlook_make(&c, &apart);
	assert_int_equal(apart.n + apart.nearly, 0);
	assert_int_equal(apart.reached, 1);
}

static void test_what_is_lost_already_cannot_be_lost_next(void **state)
{
	_cleanup_outlook_ struct outlook o = { 0 };
	_cleanup_model_ struct model m = { 0 };

	(void) state;
	build_fabric(&m, 2, two_ifaces, three_ports);
	for (size_t i = 0; i < 2; i++)
		((struct path *) m.lists[KIND_PATH].objects[i])->usable = false;
	outlook_make(&m, &o);
	assert_int_equal(o.n + o.nearly + o.reached, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_last_path_hangs_on_its_controller),
		cmocka_unit_test(test_an_interface_that_all_paths_share_is_told),
		cmocka_unit_test(test_so_is_a_port_of_the_target),
		cmocka_unit_test(test_two_paths_leave_one_and_three_may_leave_one),
		cmocka_unit_test(test_what_is_lost_already_cannot_be_lost_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
