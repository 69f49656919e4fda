/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A removal: drives core/removal.h's machine, performs what it asks for and
 * feeds the results back. Each step is on record before its action begins.
 */
#ifndef NVMPATH_POLICY_JOB_H
#define NVMPATH_POLICY_JOB_H

#include "core/connect.h"
#include "core/drain.h"
#include "core/impact.h"
#include "core/removal.h"
#include "kernel/nvmelib.h"
#include "manager.h"
#include "scope.h"

#define JOBS_KEPT 64	/* that rest; the oldest go first */

/* A controller of it, and what it takes to bring that back: secrets, too. */
struct member {
	struct controller controller;
	char nqn[NQN_SIZE];
	bool has_connection;
	struct connection connection;
	char pci_rescan[ADDRESS_SIZE];
	char missing[MESSAGE_SIZE / 4];	/* why it cannot be brought back, or "" */

	/* of the restore at work */
	uint64_t deadline_usec;		/* monotonic; 0: its turn is still to come */
	bool brought;			/* the call for it was made */
	bool through;			/* it is back, or was given up */
	bool let_go;			/* its holds were, once */
	int error;			/* the first, negative; 0: none */
	char why[MESSAGE_SIZE / 2];
};

/* One path of it, as it was when it was asked for. */
struct target {
	struct path path;
	char key[KEY_SIZE];
	size_t member;		/* its controller */
	bool was_usable;
	bool ours;		/* the hold is this removal's, not older */
};

struct job {
	struct manager *m;
	uint32_t id;
	uint64_t turn;			/* who asked first goes first; 0: before a restart */
	struct removal_machine machine;
	enum object_kind object_kind;	/* path, or controllers */
	char object[TARGET_SIZE];	/* as asked for */
	char reason[REASON_SIZE];
	uint32_t uid;
	bool forced;
	bool exclude;			/* from what nvme-cli connects */
	char lease[LEASE_SIZE];		/* ends with that connection; "": not */
	char detail[MESSAGE_SIZE];
	char owners[MESSAGE_SIZE];	/* who may connect again what it detaches; not on record */

	struct member *members;
	size_t n_members;
	struct target *targets;
	size_t n_targets;
	struct names paths;		/* of the targets */
	struct names heads;
	struct names subsystems;
	uint64_t *twins;		/* inodes of others in its controllers' places */
	size_t n_twins;

	struct drain drain;
	uint64_t entered_usec;		/* monotonic: the present state; 0: before */
	uint64_t began_usec;		/* monotonic: this removal or restore */
	uint64_t started_usec;		/* realtime, these three */
	uint64_t finished_usec;		/* 0: it runs */
	uint64_t deadline_usec;		/* 0: it waits for nothing */

	/* of the action at work */
	sd_event_source *timer;
	sd_event_source **notices;	/* of drain_state, one a target */
	size_t n_notices;		/* 0: we have to look */
	unsigned round;			/* answers of an older round are late */
	size_t pending;			/* detaches that have not answered */
	int first_error;		/* of those that have */
	bool was_queued;		/* look again before it begins */
	size_t returning;		/* the member that is brought back now; all: none */
	bool bringing;			/* the call for that has not answered */
	size_t seen;			/* of it, when last looked */
	uint64_t settled_usec;		/* since when nothing moved; 0: it does */
	struct names tried;		/* paths that we tried to hold, or need not */
	size_t writing_member;		/* whose holds are being written */
	unsigned configuring;		/* round in which a configuration is asked; 0 */
	bool taken;			/* older holds of what is drained are its own */
	bool hooked;			/* hooks were begun: those of the end are due */
	bool hooking;			/* some run */
	void (*then)(struct job *j);	/* once those before it are through */
	bool writing_holds;
	bool release_waits;		/* until the writes are through */
	bool looking;			/* restoring or probing: look around */
	uint64_t judged;		/* manager's generation, when last looked */
	uint64_t told_usec;		/* when progress was last announced */
	uint64_t probe_until_usec;
};

struct job_request {
	enum removal_kind kind;
	const char *target;
	uint64_t timeout_usec;		/* 0: the default */
	const char *reason;
	uint32_t uid;
	bool force;
	bool exclude;
	const char *lease;		/* lease.h; NULL: none */
};

/*
 * Checks and, if all is well, begins; while another removal is at work in one
 * of its subsystems it is queued instead, and checked when its turn comes.
 * -errno of NVMPATH_BUS_ERRORS with
 * @message where it is refused; nothing was done then, and no removal exists.
 * *@ret is borrowed from @m.
 */
int job_start(struct manager *m, const struct job_request *q, struct job **ret,
	      char message[MESSAGE_SIZE]);

/*
 * -EBUSY with @message where the removal's state does not allow it. A restore
 * is queued, too, behind what is at work in one of its subsystems.
 */
int job_cancel(struct job *j, char message[MESSAGE_SIZE]);
int job_restore(struct job *j, char message[MESSAGE_SIZE]);

/*
 * The daemon is asked to stop, or the machine is about to be @leaving: undoes
 * what can be undone, so that nothing stays held for a removal that nobody
 * drives any more. NULL: it is the daemon.
 */
void jobs_stop(struct manager *m, const char *leaving);

/* -ECONNREFUSED with @message while the machine or the daemon is about to leave. */
int job_may_begin(const struct manager *m, char message[MESSAGE_SIZE]);

/* Says in its detail what it waits for. */
void job_wait_for(struct job *j, const struct job *ahead);

struct job *job_free(struct job *j);
DEFINE_CLEANUP(struct job *, job_free)

bool job_running(const struct job *j);
bool job_can_restore(const struct job *j);
uint64_t job_held(const struct job *j);		/* paths held now */

struct job *job_by_id(const struct manager *m, uint32_t id);
/* A removal at work on this path; NULL if none. One that is queued is not. */
struct job *job_on_path(const struct manager *m, const char *path);
/* Of those that run, or wait, in one of these, who asked first; not @but. */
struct job *job_in_subsystems(const struct manager *m,
			      const struct names *subsystems,
			      const struct job *but);
size_t jobs_running(const struct manager *m);
/* None runs, and no hook of one. */
bool jobs_idle(const struct manager *m);

/*
 * Looks its target up (again) and takes down what it is now: paths, heads,
 * and what it takes to bring the controllers back.
 */
int job_fill(struct job *j, const struct scope *s);

/* Takes down what else is in the places of its controllers (act-find.c). -ENOMEM. */
int job_find_twins(struct job *j);

/*
 * Why that controller could not be brought back, and what it takes, as far as
 * sysfs shows. It has secrets: members_free(), explicit_bzero().
 */
void member_learn(const struct manager *m, const struct controller *c,
		  struct member *ret);

/*
 * Asks nvme-cli's configuration in @dir for what sysfs does not show of their
 * connections (kernel/connection.h): worker only.
 */
int members_configure(const char *dir, struct member *members, size_t n, char *detail);

/* Leaves nothing of their secrets in memory. */
struct member *members_free(struct member *v, size_t n);

/* For recover.c: takes a removal that a record told of. */
int job_adopt(struct manager *m, struct job *j);

/* One step of the machine, with everything that comes of it. */
void job_input(struct job *j, enum removal_input input, int error);

#endif
