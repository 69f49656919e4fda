/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All removals of the manager's: which runs where, and which are kept. */
#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "job-record.h"

struct job *job_by_id(const struct manager *m, uint32_t id)
{
	for (size_t i = 0; i < m->n_jobs; i++)
		if (m->jobs[i]->id == id)
			return m->jobs[i];
	return NULL;
}

struct job *job_on_path(const struct manager *m, const char *path)
{
	for (size_t i = 0; i < m->n_jobs; i++) {
		struct job *j = m->jobs[i];

		if (job_running(j) && j->machine.state != REMOVAL_QUEUED &&
		    names_has(&j->paths, path))
			return j;
	}
	return NULL;
}

struct job *job_in_subsystems(const struct manager *m,
			      const struct names *subsystems,
			      const struct job *but)
{
	struct job *first = NULL;

	for (size_t i = 0; i < m->n_jobs; i++) {
		struct job *j = m->jobs[i];

		if (j != but && job_running(j) &&
		    names_meet(&j->subsystems, subsystems) &&
		    (!first || j->turn < first->turn))
			first = j;
	}
	return first;
}

size_t jobs_running(const struct manager *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_jobs; i++)
		n += job_running(m->jobs[i]);
	return n;
}

/* Not while hooks are due: between the end and theirs it is still at work. */
static bool at_work(const struct job *j)
{
	return job_running(j) || j->hooking || j->hooked;
}

bool jobs_idle(const struct manager *m)
{
	for (size_t i = 0; i < m->n_jobs; i++)
		if (at_work(m->jobs[i]))
			return false;
	return true;
}

static void drop_job(struct manager *m, size_t i)
{
	uint32_t id = m->jobs[i]->id;

	job_unsave(m, id);
	job_free(m->jobs[i]);
	memmove(m->jobs + i, m->jobs + i + 1,
		(m->n_jobs - i - 1) * sizeof(*m->jobs));
	m->n_jobs--;
	if (m->listener)
		m->listener->removal_dropped(m->listener_userdata, id);
}

static void drop_oldest(struct manager *m)
{
	size_t resting = m->n_jobs - jobs_running(m);

	for (size_t i = 0; i < m->n_jobs && resting >= JOBS_KEPT;) {
		/* a thread may still hold what it will have to undo */
		if (at_work(m->jobs[i]) || m->jobs[i]->writing_holds) {
			i++;
			continue;
		}
		drop_job(m, i);
		resting--;
	}
}

int job_adopt(struct manager *m, struct job *j)
{
	struct job **grown;

	drop_oldest(m);
	grown = realloc(m->jobs, (m->n_jobs + 1) * sizeof(*m->jobs));
	if (!grown)
		return -ENOMEM;
	m->jobs = grown;
	m->jobs[m->n_jobs++] = j;
	if (j->id >= m->next_id)
		m->next_id = j->id + 1;
	return 0;
}
