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

/* A write lease is given where nobody else has the file open, or mapped (fcntl(2)). */
static bool somebody_has(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_WRLCK) < 0)
		return true;
	(void) fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

static void drop_unread(struct bus *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_bulk_old; i++)
		if (somebody_has(b->bulk_old[i]))
			b->bulk_old[n++] = b->bulk_old[i];
		else
			(void) close(b->bulk_old[i]);
	b->n_bulk_old = n;
}

/* None is made where there is no room to remember it. */
void bulk_forget(struct bus *b)
{
	if (b->bulk_fd < 0)
		return;
	b->bulk_old[b->n_bulk_old++] = b->bulk_fd;
	b->bulk_fd = -1;
	drop_unread(b);
}

void bulk_done(struct bus *b)
{
	bulk_forget(b);
	while (b->n_bulk_old)
		(void) close(b->bulk_old[--b->n_bulk_old]);
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

static int make(struct bus *b)
{
	int r, kept, fd;

	drop_unread(b);
	if (b->n_bulk_old == BULK_OLD_MAX)
		return -EBUSY;
	fd = memfd_create("nvmpath-objects", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	kept = open_again(fd);
	if (kept < 0) {
		(void) close(fd);
		return kept;
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
 * being freed keeps one a change, however often he asks, and no more than there is
 * room for: then objects are to be had by messages alone.
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
		return sd_bus_error_is_set(error) ? r :
		       bus_error(error, r, r == -EBUSY ?
				 "too many older files are still open: use GetManagedObjects" :
				 strerror(-r));
	fd = open_again(b->bulk_fd);
	if (fd < 0)
		return bus_error(error, fd, strerror(-fd));
	r = sd_bus_reply_method_return(m, "h", fd);
	(void) close(fd);
	return r;
}
