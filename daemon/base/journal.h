/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries for journald, by its native protocol. sd_journal_send() may wait
 * for a journald that waits for a disk; this never does: what is not taken at
 * once is dropped and counted, and the count is told with the next entry that
 * goes through.
 */
#ifndef NVMPATH_BASE_JOURNAL_H
#define NVMPATH_BASE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
/* With all its fields; more does not fit one entry. */
#define JOURNAL_ENTRY_SIZE 8192

struct journal_field {
	const char *name;		/* [A-Z0-9_]+ */
	const char *value;
};

/* Entries go to this socket from now on; need not be there yet. */
int journal_open(const char *socket);
bool journal_is_open(void);
void journal_close(void);

/*
 * Sends one entry: MESSAGE, PRIORITY, SYSLOG_IDENTIFIER and @fields. 0;
 * -EAGAIN, -ENOENT, ...: it was dropped; -E2BIG: over JOURNAL_ENTRY_SIZE.
 */
int journal_send(int priority, const char *message,
		 const struct journal_field *fields, size_t n);

/* Entries dropped since journal_open(), told or not. */
uint64_t journal_dropped(void);

#endif
