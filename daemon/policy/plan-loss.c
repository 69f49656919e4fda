/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel's settings make of a single path that would be left. */
#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "kernel/detach.h"
#include "kernel/loss-attr.h"
#include "plan.h"

/* Shorter than that is no time to put things right; the default is 600 s. */
#define SHORT_SEC 60

static const struct path *path_left(const struct manager *m, const struct plan *p,
				    const char *head)
{
	const struct snapshot *s = m->now;

	for (size_t i = 0; i < s->n_paths; i++)
		if (s->paths[i].usable && str_equal(s->paths[i].head, head) &&
		    !names_has(&p->scope.paths, s->paths[i].o.name))
			return &s->paths[i];
	return NULL;
}

static int64_t patience_sec(const struct manager *m, const struct controller *c,
			    const struct head *h)
{
	struct loss_object controller = loss_controller(c), head = loss_head(h);
	struct loss of_controller, of_head;

	loss_read(m->root_fd, &controller, &of_controller);
	loss_read(m->root_fd, &head, &of_head);
	return loss_patience_sec(&of_controller, controller_is_pci(c), &of_head);
}

void plan_say_loss(const struct manager *m, const struct plan *p, const char *head,
		   char text[PLAN_LOSS_SIZE])
{
	const struct path *left = path_left(m, p, head);
	const struct controller *c = left ? snapshot_controller(m->now, left->controller) : NULL;
	const struct head *h = snapshot_head(m->now, head);
	int64_t sec = c && h ? patience_sec(m, c, h) : UNKNOWN_NUMBER;

	text[0] = '\0';
	if (sec < 0 || sec >= SHORT_SEC)
		return;
	if (sec)
		(void) snprintf(text, PLAN_LOSS_SIZE,
				": without %s I/O would fail after %" PRId64 " s",
				c->o.name, sec);
	else
		(void) snprintf(text, PLAN_LOSS_SIZE, ": without %s I/O would fail at once",
				c->o.name);
}
