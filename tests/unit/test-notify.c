/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/notify.h"
#include "check.h"

/* systemd's side: a socket that is read when a test wants it. */
struct desk {
	sd_event *event;
	struct notify *n;
	int fd;
	char name[64];		/* as in $NOTIFY_SOCKET */
	char text[1024];	/* the last that came */
};

static int listen_at(const char *name)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	socklen_t size = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + strlen(name));
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(sa.sun_path, name, strlen(name));
	if (name[0] == '@')
		sa.sun_path[0] = '\0';
	assert_return_code(bind(fd, (struct sockaddr *) &sa, size), errno);
	return fd;
}

static void begin(struct desk *d)
{
	setenv("NOTIFY_SOCKET", d->name, 1);
	assert_int_equal(notify_new(d->event, &d->n), 0);
	assert_non_null(d->n);
}

static int set_up(void **state)
{
	struct desk *d = calloc(1, sizeof(*d));

	*state = d;
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	(void) snprintf(d->name, sizeof(d->name), "@nvmpath-test-notify-%d", getpid());
	d->fd = listen_at(d->name);
	return sd_event_new(&d->event) < 0;
}

static int tear_down(void **state)
{
	struct desk *d = *state;

	notify_free(d->n);
	sd_event_unref(d->event);
	if (d->fd >= 0)
		close(d->fd);
	free(d);
	return 0;
}

/* Until nobody can send any more; each sender has a limit of its own. */
static void fill(const struct desk *d)
{
	struct sockaddr_un sa;
	socklen_t size = sizeof(sa);
	ssize_t n;

	assert_return_code(getsockname(d->fd, (struct sockaddr *) &sa, &size), errno);
	do {
		int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		n = sendto(fd, "X", 1, 0, (struct sockaddr *) &sa, size);
		close(fd);
	} while (n > 0);
	assert_int_equal(errno, EAGAIN);
}

/* The next of ours that is there, "" where there is none. */
static const char *next(struct desk *d)
{
	ssize_t n;

	do {
		n = recv(d->fd, d->text, sizeof(d->text) - 1, 0);
	} while (n == 1);
	d->text[n > 0 ? n : 0] = '\0';
	return d->text;
}

static void run_for(const struct desk *d, uint64_t usec)
{
	uint64_t end = now_monotonic_usec() + usec, now;

	while ((now = now_monotonic_usec()) < end)
		assert_return_code(sd_event_run(d->event, end - now), errno);
}

/* The next that comes while the loop runs. */
static const char *wait_next(struct desk *d)
{
	for (int i = 0; i < 500 && !next(d)[0]; i++)
		run_for(d, 10 * USEC_PER_MSEC);
	return d->text;
}

static void test_without_an_address_nothing_is_said(void **state)
{
	struct desk *d = *state;

	unsetenv("NOTIFY_SOCKET");
	setenv("WATCHDOG_USEC", "10000", 1);
	assert_int_equal(notify_new(d->event, &d->n), 0);
	assert_null(d->n);
	notify_ready(d->n);
	notify_reloading(d->n);
	notify_stopping(d->n);
	notify_status(d->n, "x");
	assert_int_equal(sd_event_run(d->event, 50 * USEC_PER_MSEC), 0);
}

static void test_other_addresses_are_refused(void **state)
{
	struct desk *d = *state;
	char text[200] = "/";

	setenv("NOTIFY_SOCKET", "vsock:2:1", 1);
	assert_int_equal(notify_new(d->event, &d->n), -EAFNOSUPPORT);
	memset(text + 1, 'x', sizeof(text) - 2);
	setenv("NOTIFY_SOCKET", text, 1);
	assert_int_equal(notify_new(d->event, &d->n), -ENAMETOOLONG);
}

static void test_words_are_sent_at_once_where_there_is_room(void **state)
{
	struct desk *d = *state;

	begin(d);
	notify_status(d->n, "4 paths");
	notify_ready(d->n);
	assert_string_equal(next(d), "STATUS=4 paths");
	assert_string_equal(next(d), "READY=1");
	notify_reloading(d->n);
	notify_ready(d->n);
	assert_memory_equal(next(d), "RELOADING=1\nMONOTONIC_USEC=", 27);
	assert_string_equal(next(d), "READY=1");
	notify_stopping(d->n);
	assert_string_equal(next(d), "STOPPING=1");
	assert_int_equal(sd_event_run(d->event, 200 * USEC_PER_MSEC), 0);
}

static void test_of_what_waits_the_newest_comes_in_order(void **state)
{
	struct desk *d = *state;

	begin(d);
	fill(d);
	notify_status(d->n, "old");
	notify_reloading(d->n);
	notify_ready(d->n);
	notify_stopping(d->n);
	notify_status(d->n, "new");
	run_for(d, 250 * USEC_PER_MSEC);
	assert_string_equal(next(d), "");
	assert_memory_equal(wait_next(d), "RELOADING=1", 11);
	assert_string_equal(wait_next(d), "READY=1");
	assert_string_equal(wait_next(d), "STOPPING=1");
	assert_string_equal(wait_next(d), "STATUS=new");
	run_for(d, 250 * USEC_PER_MSEC);
	assert_string_equal(next(d), "");
}

static void test_a_ready_that_waits_does_not_end_the_next_reload(void **state)
{
	struct desk *d = *state;

	begin(d);
	fill(d);
	notify_ready(d->n);
	notify_reloading(d->n);
	assert_string_equal(next(d), "");
	assert_memory_equal(wait_next(d), "RELOADING=1", 11);
	run_for(d, 250 * USEC_PER_MSEC);
	assert_string_equal(next(d), "");
	notify_ready(d->n);
	assert_string_equal(next(d), "READY=1");
}

static void test_a_status_waits_until_the_one_before_is_read(void **state)
{
	struct desk *d = *state;
	char text[16];

	begin(d);
	for (int i = 0; i < 1000; i++) {
		(void) snprintf(text, sizeof(text), "%d", i);
		notify_status(d->n, text);
	}
	run_for(d, 250 * USEC_PER_MSEC);
	assert_string_equal(next(d), "STATUS=0");
	assert_string_equal(next(d), "");
	assert_string_equal(wait_next(d), "STATUS=999");
	notify_status(d->n, "not read");
	notify_status(d->n, "the end");
	d->n = notify_free(d->n);
	assert_string_equal(next(d), "STATUS=not read");
	assert_string_equal(next(d), "STATUS=the end");
}

static void test_the_watchdog_is_told_at_half_its_time(void **state)
{
	struct desk *d = *state;
	uint64_t before = now_monotonic_usec();

	setenv("WATCHDOG_USEC", "400000", 1);
	begin(d);
	for (int i = 0; i < 3; i++)
		assert_string_equal(wait_next(d), "WATCHDOG=1");
	assert_true(now_monotonic_usec() - before >= 3 * 200 * USEC_PER_MSEC);
	fill(d);
	notify_status(d->n, "4 paths");
	run_for(d, 700 * USEC_PER_MSEC);
	assert_string_equal(next(d), "");
	assert_string_equal(wait_next(d), "WATCHDOG=1");
	while (strcmp(wait_next(d), "WATCHDOG=1") == 0)
		;	/* the next one may be due before the status is */
	assert_string_equal(d->text, "STATUS=4 paths");
}

static void test_who_listens_may_bind_anew(void **state)
{
	struct desk *d = *state;

	begin(d);
	close(d->fd);
	notify_status(d->n, "lost");
	d->fd = listen_at(d->name);
	notify_ready(d->n);
	assert_string_equal(next(d), "READY=1");
	assert_string_equal(next(d), "");
}

static void test_a_path_is_an_address_too(void **state)
{
	struct desk *d = *state;

	close(d->fd);
	(void) snprintf(d->name, sizeof(d->name), "/tmp/nvmpath-test-notify-%d", getpid());
	d->fd = -EBADF;
	begin(d);
	notify_ready(d->n);	/* to nobody */
	d->fd = listen_at(d->name);
	notify_ready(d->n);
	assert_string_equal(next(d), "READY=1");
	unlink(d->name);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_without_an_address_nothing_is_said),
		TEST(test_other_addresses_are_refused),
		TEST(test_words_are_sent_at_once_where_there_is_room),
		TEST(test_of_what_waits_the_newest_comes_in_order),
		TEST(test_a_ready_that_waits_does_not_end_the_next_reload),
		TEST(test_a_status_waits_until_the_one_before_is_read),
		TEST(test_the_watchdog_is_told_at_half_its_time),
		TEST(test_who_listens_may_bind_anew),
		TEST(test_a_path_is_an_address_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
