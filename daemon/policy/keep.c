/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "keep.h"
#include "kernel/loss-attr.h"

/* What came of it when we wrote to this object. */
struct kept {
	struct loss_object object;
	struct loss wrote;
	struct loss reads;	/* after it: the kernel may round, or refuse */
	bool writing;
	bool seen;
};

/* By value: the object, and we, may go while the thread waits. */
struct setting {
	int root_fd;
	struct loss_object object;
	struct loss before, wanted, after;
	int result[_LOSS_SETTING_MAX];
};

static struct kept *find(const struct manager *m, const struct loss_object *o)
{
	for (size_t i = 0; i < m->n_kept; i++)
		if (m->kept[i].object.kind == o->kind &&
		    m->kept[i].object.o.ino == o->o.ino &&
		    str_equal(m->kept[i].object.o.name, o->o.name))
			return &m->kept[i];
	return NULL;
}

static struct kept *get(struct manager *m, const struct loss_object *o)
{
	struct kept *k = find(m, o);
	void *grown;

	if (k)
		return k;
	grown = realloc(m->kept, (m->n_kept + 1) * sizeof(*m->kept));
	if (!grown)
		return NULL;
	m->kept = grown;
	k = &m->kept[m->n_kept++];
	*k = (struct kept) { .object = *o };
	return k;
}

static int write_all(void *arg)
{
	struct setting *s = arg;

	for (int i = 0; i < _LOSS_SETTING_MAX; i++)
		if (s->wanted.v[i][0])
			s->result[i] = loss_write(s->root_fd, &s->object,
						  (enum loss_setting) i, s->wanted.v[i]);
	loss_read(s->root_fd, &s->object, &s->after);
	return 0;
}

static void setting_free(void *arg)
{
	close(((struct setting *) arg)->root_fd);
	free(arg);
}

static void say_one(const struct setting *s, enum loss_setting i)
{
	const char *name = s->object.o.name, *attr = loss_setting_to_string(i);

	if (s->result[i] == -ENODEV || s->result[i] == -ENOENT)
		return;		/* it went */
	if (s->result[i] < 0)
		(void) log_warning_errno(s->result[i], "Failed to set %s of %s to %s, leaving it at %s: %m",
					 attr, name, s->wanted.v[i], s->before.v[i]);
	else
		log_notice("%s: %s %s -> %s, as configured", name, attr,
			   s->before.v[i], s->after.v[i]);
}

static void on_written(void *userdata, int result, void *arg)
{
	struct manager *m = userdata;
	struct setting *s = arg;
	struct kept *k = find(m, &s->object);

	(void) result;
	for (int i = 0; i < _LOSS_SETTING_MAX; i++)
		if (s->wanted.v[i][0])
			say_one(s, (enum loss_setting) i);
	if (k) {
		k->writing = false;
		loss_merge(&k->wrote, &s->wanted);
		k->reads = s->after;
	}
	manager_look_soon(m);
}

static void write_settings(struct manager *m, const struct loss_object *o,
			   const struct loss *before, const struct loss *wanted)
{
	struct setting *s = calloc(1, sizeof(*s));
	struct worker_call call = {
		.lane = WORKER_UPKEEP,
		.func = write_all, .arg = s, .free_arg = setting_free,
		.done = on_written, .userdata = m,
	};
	struct kept *k = get(m, o);

	if (!s || !k) {
		free(s);
		return;
	}
	s->root_fd = dup(m->root_fd);
	s->object = *o;
	s->before = *before;
	s->wanted = *wanted;
	k->seen = true;
	k->writing = worker_submit(m->worker, &call) >= 0;
}

/* Neither there already nor what the kernel made of it when we wrote it. */
static bool differs(const struct kept *k, enum loss_setting i, const char *now,
		    const char *wanted)
{
	if (!wanted[0] || !now[0] || str_equal(now, wanted))
		return false;
	return !k || !str_equal(k->wrote.v[i], wanted) ||
	       !str_equal(k->reads.v[i], now);
}

static void keep_one(struct manager *m, const struct loss_object *o,
		     const struct loss *wanted)
{
	struct kept *k = find(m, o);
	struct loss now, todo = {};

	if (k)
		k->seen = true;
	if (k && k->writing)
		return;
	loss_read(m->root_fd, o, &now);
	for (int i = 0; i < _LOSS_SETTING_MAX; i++)
		if (differs(k, (enum loss_setting) i, now.v[i], wanted->v[i]))
			STR_COPY(todo.v[i], wanted->v[i]);
	/* The tries are kept, and not the time: with another delay it is another. */
	if (todo.v[LOSS_RECONNECT_DELAY][0] && now.v[LOSS_CTRL_LOSS_TMO][0])
		STR_COPY(todo.v[LOSS_CTRL_LOSS_TMO], wanted->v[LOSS_CTRL_LOSS_TMO][0] ?
			 wanted->v[LOSS_CTRL_LOSS_TMO] : now.v[LOSS_CTRL_LOSS_TMO]);
	if (loss_says_anything(&todo))
		write_settings(m, o, &now, &todo);
}

static void keep_object(struct manager *m, const struct loss_object *o,
			const char *subsystem)
{
	struct loss wanted = settings_loss(&m->settings, manager_nqn(m, subsystem));

	if (loss_says_anything(&wanted))
		keep_one(m, o, &wanted);
}

static void drop_gone(struct manager *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_kept; i++)
		if (m->kept[i].seen || m->kept[i].writing)
			m->kept[n++] = m->kept[i];
	m->n_kept = n;
}

void keep_settings(struct manager *m)
{
	const struct snapshot *s = m->now;

	if (!m->settings.keeps)
		return;
	for (size_t i = 0; i < m->n_kept; i++)
		m->kept[i].seen = false;
	for (size_t i = 0; i < s->n_subsystems; i++) {
		struct loss_object o = loss_subsystem(&s->subsystems[i]);

		keep_object(m, &o, o.o.name);
	}
	for (size_t i = 0; i < s->n_controllers; i++) {
		struct loss_object o = loss_controller(&s->controllers[i]);

		keep_object(m, &o, s->controllers[i].subsystem);
	}
	for (size_t i = 0; i < s->n_heads; i++) {
		struct loss_object o = loss_head(&s->heads[i]);

		keep_object(m, &o, s->heads[i].subsystem);
	}
	drop_gone(m);
}
