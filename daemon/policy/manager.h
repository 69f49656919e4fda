/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon's mind: what it knows of the machine, who holds what and why,
 * and the removals that run. It decides, and asks the kernel floor to act.
 *
 * Requests come from the bus floor through the functions of manager.h, hold.h
 * and job.h; what changes is told through struct manager_listener.
 */
#ifndef NVMPATH_POLICY_MANAGER_H
#define NVMPATH_POLICY_MANAGER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "base/index.h"
#include "core/command.h"
#include "core/diff.h"
#include "core/event.h"
#include "core/impact.h"
#include "core/model.h"
#include "core/settings.h"
#include "kernel/worker.h"

#define MESSAGE_SIZE	512	/* a sentence for people */
#define REASON_SIZE	256
#define LEASE_SIZE	64	/* of a bus and a connection to it */
#define KEY_SIZE	(NQN_SIZE + 2 * TRADDR_SIZE + 3 * WORD_SIZE + 16)

struct hold;
struct job;
struct reload;
struct first_reading;

struct manager_config {
	const char *sysfs;		/* "/sys", or a tree made by a test */
	const char *run_dir;
	const char *journal_dir;	/* history's; NULL: the system's journal */
	const char *config_root;	/* before /etc and /usr/lib; "" */
	uint64_t poll_interval_usec;	/* 0: as configured */
	bool log_level_given;
	const char *replay;		/* recorded events; NULL: none */
	const char *helper;		/* socket of the helper's */
};

/* Filled in by the floor above; @userdata is listener_userdata. */
struct manager_listener {
	/*
	 * The snapshot is the new one already, save for what was removed:
	 * that is told while it can still be looked up.
	 */
	void (*difference)(void *userdata, const struct difference *d);
	/* Who holds the path, or which removal concerns it, is new. */
	void (*path_hold)(void *userdata, const char *path);
	/* Whether the controller has Namespace Management is known now. */
	void (*controller_known)(void *userdata, const char *controller);
	void (*removal_added)(void *userdata, const struct job *j);
	void (*removal_changed)(void *userdata, const struct job *j);
	void (*removal_dropped)(void *userdata, uint32_t id);
	/* A transition, told once. */
	void (*event)(void *userdata, const struct event *e);
	/* A group of the controller's changed its state. */
	void (*ana_groups)(void *userdata, const char *controller);
	/* The helper came or went. */
	void (*helper)(void *userdata);
	/* Which event sources are in use, or what the kernel tells, is new. */
	void (*sources)(void *userdata);
	/* Numbers of the status line or the manager's own properties. */
	void (*status)(void *userdata);
};

/* What is known of a path beyond this look; outlives the path's object. */
struct path_stats {
	uint64_t key;
	uint64_t transitions;
	uint64_t last_change_usec;	/* realtime; 0: none yet */
	char last_change[2 * REASONS_SIZE + 8];
	uint64_t since_monotonic_usec;	/* of the state; 0: before the daemon */
	int64_t failovers;		/* counters at the last change; -1: unknown */
	int64_t bio_redirects;
};

/* What an Identify of the controller said. */
struct controller_facts {
	char name[NAME_SIZE];
	uint64_t ino;
	unsigned tries;
	bool asking;
	bool known;
	bool has_ns_management;
	uint32_t anatt_secs;		/* 0: no ANA */
};

struct helper_link;
struct watch;
struct ana_group;
struct hold_note;
struct kept;

/* The last events of this run; the oldest make room. */
struct history {
	struct event **v;
	size_t size;
	size_t n;
	size_t first;
};

struct manager {
	sd_event *event;
	struct worker *worker;
	struct helper_link *helper;
	bool missed_helper;		/* that it is away was told */
	struct manager_config config;
	int root_fd;
	bool real_sysfs;
	char boot_id[40];
	char kernel_release[72];

	struct settings settings;
	bool config_known;		/* was read, if only to be found bad */
	struct first_reading *first_reading;
	struct reload *reload;		/* the last that was asked for; NULL: all are answered */
	struct watch *watch;
	sd_event_source *look;		/* a coalesced look is due */

	struct snapshot *now;
	uint64_t generation;		/* of @now: counts what was new */
	uint32_t features;		/* of the paths of @now */
	struct path_stats *stats;
	size_t n_stats;
	struct index stats_index;	/* by key */
	struct controller_facts *facts;
	size_t n_facts;

	struct kept *kept;		/* objects that we set something of */
	size_t n_kept;
	struct ana_group *ana;
	size_t n_ana;
	struct history history;
	struct hold_note *hold_notes;	/* of paths that are held, for tell.c */
	size_t n_hold_notes;
	uint64_t event_seq;
	bool primed;			/* the first look is done: news is news */
	bool paths_went;		/* in this look */
	uint64_t looked_usec;		/* monotonic: the last full look, 0 none */

	struct hold **holds;
	size_t n_holds;
	uint64_t hold_serial;
	sd_event_source *lease_timer;
	struct job **jobs;		/* oldest first */
	size_t n_jobs;
	uint32_t next_id;
	const char *leaving;		/* "suspended", "shut down"; NULL: it stays */
	bool stopping;			/* the daemon was asked to, for good */
	uint64_t turns;			/* given out to removals and restores */

	const struct manager_listener *listener;
	void *listener_userdata;
	void (*status)(void *userdata);
	void *status_userdata;
};

/*
 * Opens sysfs, takes a first look, then recovers what records say of the time
 * before (recover.h). Events flow from manager_start() on.
 */
int manager_new(sd_event *event, const struct manager_config *config,
		struct manager **ret);
struct manager *manager_free(struct manager *m);
DEFINE_CLEANUP(struct manager *, manager_free)

void manager_set_listener(struct manager *m, const struct manager_listener *l,
			  void *userdata);
/* Called, too, whenever manager_status_text() may read otherwise. */
void manager_set_status(struct manager *m, void (*status)(void *userdata),
			void *userdata);
int manager_start(struct manager *m);

/* Whether admin commands can be sent: single paths be detached. */
enum helper_state manager_helper(const struct manager *m);

/* A full look, now. Keeps what is known where sysfs cannot be read. */
int manager_look(struct manager *m);

/*
 * For who waits for something to come or go, and asks again and again: a full look, but
 * where the kernel tells of every change itself no more than one in 250 ms.
 */
int manager_look_out(struct manager *m);

/* A full look soon; any number of these is one. */
void manager_look_soon(struct manager *m);

/* Take over what a re-read of one object found, and tell. */
void manager_update_controller(struct manager *m, const struct controller *c);
void manager_update_path(struct manager *m, const struct path *p);

/*
 * "full" where the paths have admin_state, "observe" where not, "unknown"
 * while there is no path to look at.
 */
const char *manager_protection(const struct manager *m);

/*
 * Whether the NVMe driver is nvmpath's as modules alone, without what the series
 * changes in the block layer: kernel-patch/dkms ends nvme_core's version with that.
 */
bool manager_modules_alone(const struct manager *m);

/*
 * What names a path over time: NQN, namespace id, and where its controller is
 * and is reached from, one a line. Kernel names are recycled, this is not. And
 * it stays: not so the controller's id, which each reconnect changes, nor the
 * whole address, which has a src_addr while the connection is up. Two
 * connections from and to the same place have the same key; while a path is
 * there its inode tells them apart.
 */
void manager_path_key(const struct manager *m, const struct path *p,
		      char key[KEY_SIZE]);

/* Borrowed; NULL where nothing is known yet. */
const struct path_stats *manager_path_stats(const struct manager *m,
					    const struct path *p);
const struct controller_facts *manager_facts(const struct manager *m,
					     const struct controller *c);

/* The subsystem's NQN, "" where it is not there. */
const char *manager_nqn(const struct manager *m, const char *subsystem);

/* What comes before /dev and /run: "", but a test's tree has its own. */
const char *manager_host_root(const struct manager *m);

/* "8 paths, 7 usable, 1 held; events from uevent; 1 removal running" */
void manager_status_text(const struct manager *m, char *dst, size_t size);

/* Announce. Do nothing while nobody listens. */
void manager_tell_status(struct manager *m);
void manager_tell_hold(struct manager *m, const char *path);

#endif
