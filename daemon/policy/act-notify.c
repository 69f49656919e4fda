/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * drain_state tells when it changes: who waits for it need not ask all the
 * time. Where that cannot be had (an older kernel, a tree of plain files, no
 * descriptor left) the drain is sampled as often as ever; and where it should
 * stay silent, still ten times a second.
 */
#include <errno.h>
#include <inttypes.h>
#include <sys/epoll.h>

#include "act-parts.h"
#include "base/log.h"
#include "kernel/control.h"

static int on_change(sd_event_source *s, int fd, uint32_t events, void *userdata)
{
	const struct job *j = userdata;
	char word[WORD_SIZE];

	(void) s;
	(void) events;
	/* Tells again when it was read since; EOF and errors: it went. */
	if (pread(fd, word, sizeof(word), 0) <= 0)
		(void) sd_event_source_set_enabled(s, SD_EVENT_OFF);
	log_debug("Removal %" PRIu32 ": told of a drain_state", j->id);
	(void) sd_event_source_set_time_relative(j->timer, 0);
	return 0;
}

static int listen_to(struct job *j, const struct target *t)
{
	sd_event_source **slot = &j->notices[j->n_notices];
	char word[WORD_SIZE];
	int fd, r;

	if (!(t->path.features & FEATURE_BIT(FEATURE_DRAIN_STATE)))
		return -EOPNOTSUPP;
	fd = path_open_drain_state(j->m->root_fd, &t->path);
	if (fd < 0)
		return fd;
	r = sd_event_add_io(j->m->event, slot, fd, EPOLLPRI, on_change, j);
	if (r >= 0)
		r = sd_event_source_set_io_fd_own(*slot, true);
	if (r < 0) {
		*slot = sd_event_source_disable_unref(*slot);
		close(fd);
		return r;
	}
	j->n_notices++;
	return pread(fd, word, sizeof(word), 0) < 0 ? -errno : 0;
}

void act_notify_begin(struct job *j)
{
	int r = 0;

	j->notices = calloc(j->n_targets, sizeof(*j->notices));
	for (size_t i = 0; j->notices && r >= 0 && i < j->n_targets; i++)
		r = listen_to(j, &j->targets[i]);
	if (r < 0 || !j->notices)
		act_notify_end(j);
	log_debug("Removal %" PRIu32 ": %s", j->id, j->n_notices ?
		  "is told when it drains" : "looks whether it drains");
}

void act_notify_end(struct job *j)
{
	for (size_t i = 0; i < j->n_notices; i++)
		sd_event_source_disable_unref(j->notices[i]);
	free(j->notices);
	j->notices = NULL;
	j->n_notices = 0;
}
