/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "bulk.h"

/* A larger buffer saves nothing more at 4,096 paths. */
#define BUFFER_BYTES (64 * 1024)

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

void bulk_forget(struct bus *b)
{
	if (b->bulk_fd >= 0)
		(void) close(b->bulk_fd);
	b->bulk_fd = -1;
}

/* Takes the descriptor, and leaves the file sealed. */
static int fill(const struct bus *b, int take_fd)
{
	FILE *f = fdopen(take_fd, "w");
	bool failed;
	int r;

	if (!f) {
		r = -errno;
		(void) close(take_fd);
		return r;
	}
	(void) setvbuf(f, NULL, _IOFBF, BUFFER_BYTES);
	r = bulk_write(b, f);
	failed = fflush(f) == EOF || ferror(f);
	if (r >= 0 && failed)
		r = -EIO;
	if (r >= 0 && fcntl(fileno(f), F_ADD_SEALS, SEALS) < 0)
		r = -errno;
	(void) fclose(f);
	return r;
}

/*
 * Opened again for reading: a description of its own, so that nobody moves
 * the offset of the one that wrote it.
 */
static int open_again(int fd)
{
	char path[64];
	int again;

	(void) snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return again < 0 ? -errno : again;
}

static int make(struct bus *b)
{
	int fd = memfd_create("nvmpath-objects", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r, kept;

	if (fd < 0)
		return -errno;
	kept = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (kept < 0) {
		r = -errno;
		(void) close(fd);
		return r;
	}
	r = fill(b, fd);
	if (r < 0) {
		(void) close(kept);
		return r;
	}
	b->bulk_fd = kept;
	return 0;
}

/*
 * One file for all who ask until something changes: whoever keeps files from
 * being freed keeps one a change, however often he asks.
 */
int on_bulk(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct bus *b = userdata;
	uint64_t flags;
	int r, fd;

	r = verb_flags(m, 0, &flags, error);
	if (r >= 0 && b->bulk_fd < 0)
		r = make(b);
	if (r < 0)
		return sd_bus_error_is_set(error) ? r : bus_error(error, r, strerror(-r));
	fd = open_again(b->bulk_fd);
	if (fd < 0)
		return bus_error(error, fd, strerror(-fd));
	r = sd_bus_reply_method_return(m, "h", fd);
	(void) close(fd);
	return r;
}
