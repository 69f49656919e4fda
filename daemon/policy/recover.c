/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>

#include "act-parts.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "hold.h"
#include "job-record.h"
#include "recover.h"

static void load(void *userdata, const char *name, struct json_object *o)
{
	struct manager *m = userdata;
	struct job *j = NULL;
	int r;

	r = job_load(m, o, &j);
	if (r >= 0)
		r = job_adopt(m, j);
	if (r < 0) {
		job_free(j);
		(void) log_warning_errno(r, "Failed to read the record %s, leaving it alone: %m",
					 name);
	}
}

/* A record of version 1 had no inode, and a key that a reconnect changed. */
static const struct path *find_old_target(const struct job *j, const struct target *t)
{
	const struct path *p = t->path.o.ino ? NULL :
			       snapshot_path(j->m->now, t->path.o.name);

	return p && p->nsid == t->path.nsid &&
	       str_equal(manager_nqn(j->m, p->subsystem), j->members[t->member].nqn) ? p : NULL;
}

/* What has become of its paths and its controllers: states, names, ids. */
static void find_again(struct job *j)
{
	for (size_t i = 0; i < j->n_targets; i++) {
		struct target *t = &j->targets[i];
		const struct path *p = act_find_target(j, t);

		if (!p)
			p = find_old_target(j, t);
		if (!p)
			continue;
		t->path = *p;
		manager_path_key(j->m, p, t->key);
	}
	for (size_t i = 0; i < j->n_members; i++) {
		const struct controller *c = act_find_member(j, &j->members[i]);

		if (c)
			j->members[i].controller = *c;
	}
}

static void resume(struct job *j)
{
	bool ran = job_running(j);

	find_again(j);
	j->began_usec = now_monotonic_usec();
	if (ran)
		log_notice("Removal %" PRIu32 ": %s of %s was %s when the daemon stopped",
			   j->id, removal_kind_to_string(j->machine.kind), j->object,
			   removal_state_to_string(j->machine.state));
	if (ran && j->machine.was_detaching && j->machine.state == REMOVAL_QUEUED)
		STR_COPY(j->detail, "its restore was not begun before the daemon stopped");
	else if (ran && j->machine.state != REMOVAL_DETACHING &&
		 j->machine.state != REMOVAL_RESTORING)
		(void) str_copy(j->detail, sizeof(j->detail), "undone after restart");
	job_input(j, INPUT_RESTART, 0);
	if (j->machine.state == REMOVAL_DRAINED && !j->taken)
		act_take_over(j);	/* killed before it had */
	if (!ran)	/* killed before it had cleaned up after a restore? */
		act_return_end(j);
	act_hooks_after(j);
}

int recover(struct manager *m)
{
	int r;

	r = holds_load(m);
	if (r < 0)
		return log_error_errno(r, "Failed to read %s: %m", m->config.run_dir);
	r = record_each(m->config.run_dir, JOB_RECORD_PREFIX, m->boot_id, load, m);
	if (r < 0)
		return log_error_errno(r, "Failed to read %s: %m", m->config.run_dir);
	/* What was left alone keeps its file, and its number. */
	if (record_highest(m->config.run_dir, JOB_RECORD_PREFIX) >= m->next_id)
		m->next_id = record_highest(m->config.run_dir, JOB_RECORD_PREFIX) + 1;
	holds_say_strangers(m);
	for (size_t i = 0; i < m->n_jobs; i++)
		resume(m->jobs[i]);
	return 0;
}
