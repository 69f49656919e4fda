/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "check.h"
#include "kernel/worker.h"

struct answers {
	sd_event *event;
	unsigned n, wanted;
	int result;
	void *arg;
};

static int sleep_then(void *arg)
{
	sleep_usec(*(uint64_t *) arg);
	return -ENXIO;
}

static void on_done(void *userdata, int result, void *arg)
{
	struct answers *a = userdata;

	a->result = result;
	a->arg = arg;
	if (++a->n == a->wanted)
		sd_event_exit(a->event, 0);
}

static int submit(struct worker *w, struct answers *a, uint64_t usec, uint64_t timeout)
{
	uint64_t *arg = malloc(sizeof(*arg));
	struct worker_call call = {
		.func = sleep_then, .arg = arg, .free_arg = free,
		.done = on_done, .userdata = a, .timeout_usec = timeout,
	};

	*arg = usec;
	return worker_submit(w, &call);
}

static int set_up(void **state)
{
	struct answers *a = calloc(1, sizeof(*a));

	*state = a;
	return sd_event_new(&a->event) < 0;
}

static int tear_down(void **state)
{
	struct answers *a = *state;

	sd_event_unref(a->event);
	free(a);
	return 0;
}

static void test_a_result_comes_back_to_the_loop(void **state)
{
	_cleanup_(worker_freep) struct worker *w = NULL;
	struct answers *a = *state;

	a->wanted = 1;
	assert_int_equal(worker_new(a->event, &w), 0);
	assert_int_equal(submit(w, a, 1000, 0), 0);
	assert_int_equal(sd_event_loop(a->event), 0);
	assert_int_equal(a->result, -ENXIO);
	assert_non_null(a->arg);
}

static void test_more_calls_than_threads_all_come_back(void **state)
{
	_cleanup_(worker_freep) struct worker *w = NULL;
	struct answers *a = *state;

	a->wanted = 300;
	assert_int_equal(worker_new(a->event, &w), 0);
	for (unsigned i = 0; i < a->wanted; i++)
		assert_int_equal(submit(w, a, 100, 0), 0);
	assert_int_equal(sd_event_loop(a->event), 0);
	assert_int_equal(a->n, 300);
}

/* Until the test lets it go: no sleep is long enough on a busy machine. */
static int hang(void *arg)
{
	uint64_t n;

	return read(*(int *) arg, &n, sizeof(n)) == sizeof(n) ? 0 : -EIO;
}

static void test_a_call_that_hangs_is_given_up_once(void **state)
{
	_cleanup_(worker_freep) struct worker *w = NULL;
	struct answers *a = *state, later = { .event = a->event };
	int fd = eventfd(0, EFD_CLOEXEC);
	uint64_t one = 1;
	struct worker_call call = {
		.func = hang, .arg = &fd, .done = on_done, .userdata = a,
		.timeout_usec = 5000,
	};

	assert_int_equal(worker_new(a->event, &w), 0);
	assert_int_equal(worker_submit(w, &call), 0);
	while (!a->n)
		assert_true(sd_event_run(a->event, 50000) >= 0);
	assert_int_equal(a->result, -ETIMEDOUT);
	assert_null(a->arg);
	/* its late end is not heard, that of others is */
	assert_int_equal(write(fd, &one, sizeof(one)), sizeof(one));
	assert_int_equal(submit(w, &later, 0, 0), 0);
	assert_int_equal(submit(w, &later, 20000, 0), 0);
	while (later.n < 2)
		assert_true(sd_event_run(a->event, 50000) >= 0);
	assert_int_equal(a->n, 1);
	assert_int_equal(later.result, -ENXIO);
	worker_free(w);		/* before what its thread reads from */
	w = NULL;
	close(fd);
}

static void test_a_worker_may_go_while_calls_run(void **state)
{
	struct worker *w = NULL;
	struct answers *a = *state;

	assert_int_equal(worker_new(a->event, &w), 0);
	assert_int_equal(submit(w, a, 30000, 10000), 0);
	assert_int_equal(submit(w, a, 0, 0), 0);
	sleep_usec(5000);
	assert_null(worker_free(w));
	sleep_usec(60000);
	assert_int_equal(a->n, 0);
}

static void test_forgotten_calls_are_not_heard(void **state)
{
	_cleanup_(worker_freep) struct worker *w = NULL;
	struct answers *a = *state, other = { .event = a->event, .wanted = 1 };

	assert_int_equal(worker_new(a->event, &w), 0);
	assert_int_equal(submit(w, a, 0, 0), 0);
	worker_forget(w, a);
	assert_int_equal(submit(w, &other, 20000, 0), 0);
	assert_int_equal(sd_event_loop(a->event), 0);
	assert_int_equal(a->n, 0);
	assert_int_equal(other.n, 1);
}

/* ---- lanes ------------------------------------------------------------------ */

/* Calls that begin, and wait until they are let go, one by one. */
struct gate {
	int fd;
	atomic_uint begun;
};

static int pass(void *arg)
{
	struct gate *g = arg;
	uint64_t n;

	atomic_fetch_add(&g->begun, 1);
	return read(g->fd, &n, sizeof(n)) == sizeof(n) ? 0 : -EIO;
}

static void gate_open(struct gate *g, uint64_t n)
{
	assert_int_equal(write(g->fd, &n, sizeof(n)), sizeof(n));
}

static int submit_in(struct worker *w, enum worker_lane lane, struct gate *g,
		     struct answers *a, uint64_t timeout)
{
	struct worker_call call = {
		.lane = lane, .func = pass, .arg = g,
		.done = on_done, .userdata = a, .timeout_usec = timeout,
	};

	return worker_submit(w, &call);
}

static void run_until(struct answers *a, unsigned n)
{
	while (a->n < n)
		assert_true(sd_event_run(a->event, 50000) >= 0);
}

static void wait_begun(struct gate *g, unsigned n)
{
	while (atomic_load(&g->begun) < n)
		sleep_usec(1000);
}

static const enum worker_lane of_anybody[] = {
	WORKER_PLAN, WORKER_HISTORY, WORKER_CONFIG,
};

static void test_nothing_waits_for_a_lane_that_is_full(void **state)
{
	_cleanup_(worker_freep) struct worker *w = NULL;
	struct answers *a = *state, slow = { .event = a->event };
	struct gate stuck = { .fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE) };
	struct gate free_way = { .fd = eventfd(1000, EFD_CLOEXEC | EFD_SEMAPHORE) };
	unsigned n = 0;

	assert_int_equal(worker_new(a->event, &w), 0);
	for (int lane = 0; lane < _WORKER_LANE_MAX; lane++)
		while (lane != WORKER_RELEASE && n < 500 * (unsigned) (lane + 1) &&
		       submit_in(w, (enum worker_lane) lane, &stuck, &slow, 0) >= 0)
			n++;
	for (int i = 0; i < 100; i++)
		assert_int_equal(submit_in(w, WORKER_RELEASE, &free_way, a, 0), 0);
	run_until(a, 100);
	assert_int_equal(a->result, 0);
	assert_int_equal(slow.n, 0);
	gate_open(&stuck, n);
	run_until(&slow, n);
	worker_free(w);
	w = NULL;
	close(stuck.fd);
	close(free_way.fd);
}

static void test_what_anybody_may_ask_for_is_few_at_a_time(void **state)
{
	static const unsigned threads[] = { 4, 4, 1 }, waiting[] = { 64, 64, 1 };
	struct answers *a = *state;

	for (size_t i = 0; i < ARRAY_SIZE(of_anybody); i++) {
		_cleanup_(worker_freep) struct worker *w = NULL;
		struct gate g = { .fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE) };
		enum worker_lane lane = of_anybody[i];
		unsigned n = 0;

		a->n = 0;
		assert_int_equal(worker_new(a->event, &w), 0);
		while (!worker_is_full(w, lane) && n < 1000) {
			assert_int_equal(submit_in(w, lane, &g, a, 0), 0);
			n++;
		}
		assert_int_equal(n, threads[i] + waiting[i]);
		assert_int_equal(submit_in(w, lane, &g, a, 0), -EBUSY);
		wait_begun(&g, threads[i]);
		sleep_usec(20000);
		assert_int_equal(atomic_load(&g.begun), threads[i]);
		gate_open(&g, n);
		run_until(a, n);
		assert_int_equal(atomic_load(&g.begun), n);
		worker_free(w);
		w = NULL;
		close(g.fd);
	}
}

static void test_a_call_given_up_counts_until_its_thread_ends(void **state)
{
	_cleanup_(worker_freep) struct worker *w = NULL;
	struct answers *a = *state, late = { .event = a->event };
	struct gate g = { .fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE) };

	assert_int_equal(worker_new(a->event, &w), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(submit_in(w, WORKER_PLAN, &g, a, 5000), 0);
	wait_begun(&g, 4);
	run_until(a, 4);
	assert_int_equal(a->result, -ETIMEDOUT);
	/* the next one hears in time that it had no turn, and never has one */
	assert_int_equal(submit_in(w, WORKER_PLAN, &g, &late, 5000), 0);
	assert_true(worker_waits(w, &late));
	run_until(&late, 1);
	assert_int_equal(late.result, -ETIMEDOUT);
	assert_null(late.arg);
	assert_false(worker_waits(w, &late));
	assert_int_equal(atomic_load(&g.begun), 4);
	/* once one of them has ended there is room again */
	assert_int_equal(submit_in(w, WORKER_PLAN, &g, &late, 0), 0);
	assert_true(worker_waits(w, &late));
	gate_open(&g, 5);
	run_until(&late, 2);
	assert_int_equal(late.result, 0);
	assert_int_equal(atomic_load(&g.begun), 5);
	assert_int_equal(a->n, 4);
	worker_free(w);
	w = NULL;
	close(g.fd);
}

static void test_a_forgotten_call_that_waits_is_not_made(void **state)
{
	_cleanup_(worker_freep) struct worker *w = NULL;
	struct answers *a = *state, gone = { .event = a->event };
	struct gate g = { .fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE) };

	assert_int_equal(worker_new(a->event, &w), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(submit_in(w, WORKER_PLAN, &g, a, 0), 0);
	assert_int_equal(submit_in(w, WORKER_PLAN, &g, &gone, 0), 0);
	worker_forget(w, &gone);
	assert_false(worker_waits(w, &gone));
	gate_open(&g, 6);
	run_until(a, 4);
	assert_int_equal(submit_in(w, WORKER_PLAN, &g, a, 0), 0);
	run_until(a, 5);
	assert_int_equal(atomic_load(&g.begun), 5);
	assert_int_equal(gone.n, 0);
	worker_free(w);
	w = NULL;
	close(g.fd);
}

static void test_a_call_that_is_refused_is_freed(void **state)
{
	_cleanup_(worker_freep) struct worker *w = NULL;
	struct answers *a = *state;
	struct gate g = { .fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE) };
	struct worker_call call = {
		.lane = WORKER_CONFIG, .func = sleep_then, .free_arg = free,
		.done = on_done, .userdata = a,
	};

	assert_int_equal(worker_new(a->event, &w), 0);
	assert_int_equal(submit_in(w, WORKER_CONFIG, &g, a, 0), 0);
	assert_int_equal(submit_in(w, WORKER_CONFIG, &g, a, 0), 0);
	call.arg = calloc(1, sizeof(uint64_t));
	assert_int_equal(worker_submit(w, &call), -EBUSY);
	gate_open(&g, 2);
	run_until(a, 2);
	worker_free(w);
	w = NULL;
	close(g.fd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_result_comes_back_to_the_loop),
		TEST(test_more_calls_than_threads_all_come_back),
		TEST(test_a_call_that_hangs_is_given_up_once),
		TEST(test_a_worker_may_go_while_calls_run),
		TEST(test_forgotten_calls_are_not_heard),
		TEST(test_nothing_waits_for_a_lane_that_is_full),
		TEST(test_what_anybody_may_ask_for_is_few_at_a_time),
		TEST(test_a_call_given_up_counts_until_its_thread_ends),
		TEST(test_a_forgotten_call_that_waits_is_not_made),
		TEST(test_a_call_that_is_refused_is_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
