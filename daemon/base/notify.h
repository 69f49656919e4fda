/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What systemd is told, sd_notify(3)'s words. sd_notify() waits where the
 * receiver's queue is full, and systemd may itself wait for a page of a disk
 * behind the paths that are held; this never waits. What is not taken at once is
 * tried again, the newest of each word, in the order RELOADING, READY, STOPPING.
 */
#ifndef NVMPATH_BASE_NOTIFY_H
#define NVMPATH_BASE_NOTIFY_H

#include <systemd/sd-event.h>

#include "macro.h"

/* With its "STATUS="; what is over is cut. */
#define NOTIFY_TEXT_SIZE 640

struct notify;

/*
 * Takes the address from $NOTIFY_SOCKET, a path or '@' and an abstract name;
 * where it is not set *@ret is NULL, which all of the functions below take.
 * While @event runs, WATCHDOG=1 is sent as often as sd_watchdog_enabled(3) wants.
 * -EAFNOSUPPORT, -ENAMETOOLONG: it is another kind of address; -ENOMEM, -EMFILE.
 * Nobody needs to be there yet.
 */
int notify_new(sd_event *event, struct notify **ret);

/* Tries once more what still waits, and forgets it. */
struct notify *notify_free(struct notify *n);
DEFINE_CLEANUP(struct notify *, notify_free)

void notify_ready(struct notify *n);

/* With the time; a READY=1 has to follow. */
void notify_reloading(struct notify *n);
void notify_stopping(struct notify *n);

/*
 * One line for people. Goes when all that was sent before has been read: there is
 * never more than one in the queue, which is that of all services.
 */
void notify_status(struct notify *n, const char *text);

#endif
