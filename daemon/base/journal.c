/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <nvmpath/events.h>

#include "journal.h"
#include "macro.h"
#include "str.h"

static struct {
	int fd;
	struct sockaddr_un address;
	uint64_t dropped;
	uint64_t told;
} journal = { .fd = -EBADF };

int journal_open(const char *path)
{
	int fd;

	if (strlen(path) >= sizeof(journal.address.sun_path))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	journal_close();
	journal.fd = fd;
	journal.address.sun_family = AF_UNIX;
	STR_COPY(journal.address.sun_path, path);
	return 0;
}

bool journal_is_open(void)
{
	return journal.fd >= 0;
}

void journal_close(void)
{
	if (journal.fd >= 0)
		close(journal.fd);
	journal.fd = -EBADF;
	journal.dropped = journal.told = 0;
}

uint64_t journal_dropped(void)
{
	return journal.dropped;
}

struct entry {
	char data[JOURNAL_ENTRY_SIZE];
	size_t size;
	bool over;
};

static void put(struct entry *e, const void *data, size_t size)
{
	if (size > sizeof(e->data) - e->size) {
		e->over = true;
		return;
	}
	memcpy(e->data + e->size, data, size);
	e->size += size;
}

/* NAME, newline, length as 64 bits little endian, value, newline. */
static void put_field(struct entry *e, const char *name, const char *value)
{
	size_t length = strlen(value);
	uint64_t little = htole64(length);

	put(e, name, strlen(name));
	put(e, "\n", 1);
	put(e, &little, sizeof(little));
	put(e, value, length);
	put(e, "\n", 1);
}

static int send_entry(int priority, const char *message,
		      const struct journal_field *fields, size_t n)
{
	struct entry e = {};
	char digit[2] = { (char) ('0' + (priority & 7)), '\0' };

	put_field(&e, "MESSAGE", message);
	put_field(&e, "PRIORITY", digit);
	put_field(&e, "SYSLOG_IDENTIFIER", "nvmpathd");
	for (size_t i = 0; i < n; i++)
		put_field(&e, fields[i].name, fields[i].value);
	if (e.over)
		return -E2BIG;
	if (sendto(journal.fd, e.data, e.size, MSG_DONTWAIT | MSG_NOSIGNAL,
		   (const struct sockaddr *) &journal.address,
		   sizeof(journal.address)) < 0)
		return -errno;
	return 0;
}

/* Now that one went through: what did not. */
static void tell_dropped(void)
{
	char text[96], number[24];
	const struct journal_field fields[] = {
		{ "MESSAGE_ID", NVMPATH_MESSAGE_DROPPED },
		{ "NVMPATH_DROPPED", number },
	};
	uint64_t dropped = journal.dropped;

	(void) snprintf(number, sizeof(number), "%" PRIu64, dropped - journal.told);
	(void) snprintf(text, sizeof(text), "%s log entries were dropped: journald did not take them",
			number);
	if (send_entry(LOG_WARNING, text, fields, ARRAY_SIZE(fields)) >= 0)
		journal.told = dropped;
}

int journal_send(int priority, const char *message,
		 const struct journal_field *fields, size_t n)
{
	int saved = errno, r;

	if (journal.fd < 0)
		return -ENOTCONN;
	r = send_entry(priority, message, fields, n);
	if (r < 0)
		journal.dropped++;
	else if (journal.dropped > journal.told)
		tell_dropped();
	errno = saved;
	return r;
}
