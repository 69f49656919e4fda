/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_result_comes_back_to_the_loop),
		TEST(test_more_calls_than_threads_all_come_back),
		TEST(test_a_call_that_hangs_is_given_up_once),
		TEST(test_a_worker_may_go_while_calls_run),
		TEST(test_forgotten_calls_are_not_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
