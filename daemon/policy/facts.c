/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "facts.h"
#include "kernel/helper.h"

#define TRIES_MAX 3
#define ASK_TIMEOUT_USEC (12 * USEC_PER_SEC)

struct question {
	int root_fd;		/* its own: the thread may outlive the manager */
	const char *helper;
	char controller[NAME_SIZE];
	uint64_t ino;
	struct identity answer;
	char detail[DETAIL_SIZE];
};

static struct controller_facts *find_facts(const struct manager *m,
					   const char *name, uint64_t ino)
{
	for (size_t i = 0; i < m->n_facts; i++)
		if (m->facts[i].ino == ino && str_equal(m->facts[i].name, name))
			return &m->facts[i];
	return NULL;
}

const struct controller_facts *manager_facts(const struct manager *m,
					     const struct controller *c)
{
	return find_facts(m, c->o.name, c->o.ino);
}

static int ask(void *arg)
{
	struct question *q = arg;

	return helper_identify(q->helper, q->root_fd, q->controller, &q->answer,
			       q->detail);
}

/* The array may have moved, and the controller gone, since it was asked. */
static void on_answer(void *userdata, int result, void *arg)
{
	struct manager *m = userdata;
	struct question *q = arg;
	struct controller_facts *f;

	if (!q) {	/* no answer in time; who it was is found by @asking */
		for (size_t i = 0; i < m->n_facts; i++)
			m->facts[i].asking = false;
		return;
	}
	f = find_facts(m, q->controller, q->ino);
	if (!f)
		return;
	f->asking = false;
	if (result < 0) {
		log_debug("%s: %s", q->controller, q->detail);
		return;
	}
	f->known = true;
	f->has_ns_management = q->answer.has_ns_management;
	f->anatt_secs = q->answer.anatt_secs;
	log_debug("%s: Namespace Management %s, ANATT %" PRIu32 " s", f->name,
		  f->has_ns_management ? "yes" : "no", f->anatt_secs);
	if (m->listener)
		m->listener->controller_known(m->listener_userdata, f->name);
}

static void question_free(void *arg)
{
	int *fd = &((struct question *) arg)->root_fd;

	if (*fd >= 0)
		close(*fd);
	free(arg);
}

static void ask_controller(struct manager *m, struct controller_facts *f)
{
	struct question *q = calloc(1, sizeof(*q));
	struct worker_call call = {
		.lane = WORKER_UPKEEP,
		.func = ask, .arg = q, .free_arg = question_free,
		.done = on_answer, .userdata = m,
		.timeout_usec = ASK_TIMEOUT_USEC,
	};

	if (!q)
		return;
	q->root_fd = dup(m->root_fd);
	q->helper = m->config.helper;
	STR_COPY(q->controller, f->name);
	q->ino = f->ino;
	if (worker_submit(m->worker, &call) < 0)
		return;		/* the next look tries again */
	f->asking = true;
	f->tries++;
}

static struct controller_facts *add_facts(struct manager *m,
					  const struct controller *c)
{
	void *grown = realloc(m->facts, (m->n_facts + 1) * sizeof(*m->facts));
	struct controller_facts *f;

	if (!grown)
		return NULL;
	m->facts = grown;
	f = &m->facts[m->n_facts++];
	*f = (struct controller_facts) { .ino = c->o.ino };
	STR_COPY(f->name, c->o.name);
	return f;
}

static void drop_gone(struct manager *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_facts; i++) {
		const struct controller *c =
			snapshot_controller(m->now, m->facts[i].name);

		if (c && c->o.ino == m->facts[i].ino)
			m->facts[n++] = m->facts[i];
	}
	m->n_facts = n;
}

void facts_refresh(struct manager *m)
{
	drop_gone(m);
	if (manager_helper(m) != HELPER_THERE)
		return;		/* asked when it comes */
	for (size_t i = 0; i < m->now->n_controllers; i++) {
		const struct controller *c = &m->now->controllers[i];
		struct controller_facts *f = find_facts(m, c->o.name, c->o.ino);

		if (!f)
			f = add_facts(m, c);
		if (!f || f->known || f->asking || f->tries >= TRIES_MAX ||
		    !str_equal(c->state, "live"))
			continue;
		ask_controller(m, f);
	}
}

void facts_ask_again(struct manager *m)
{
	for (size_t i = 0; i < m->n_facts; i++)
		m->facts[i].tries = 0;
	facts_refresh(m);
}
