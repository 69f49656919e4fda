/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "ana.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "config.h"
#include "facts.h"
#include "history.h"
#include "hold.h"
#include "job.h"
#include "keep.h"
#include "kernel/control.h"
#include "kernel/helper-link.h"
#include "kernel/scan.h"
#include "kernel/sysfs.h"
#include "manager.h"
#include "note.h"
#include "recover.h"
#include "tell.h"
#include "watch.h"

#define LOOK_APART_USEC (250 * USEC_PER_MSEC)

void manager_tell_status(struct manager *m)
{
	if (m->listener)
		m->listener->status(m->listener_userdata);
	if (m->status)
		m->status(m->status_userdata);
}

void manager_set_status(struct manager *m, void (*status)(void *userdata),
			void *userdata)
{
	m->status = status;
	m->status_userdata = userdata;
}

void manager_tell_hold(struct manager *m, const char *path)
{
	tell_note_hold(m, path);
	if (m->listener)
		m->listener->path_hold(m->listener_userdata, path);
}

const char *manager_host_root(const struct manager *m)
{
	return m->real_sysfs ? "" : m->config.sysfs;
}

const char *manager_nqn(const struct manager *m, const char *subsystem)
{
	const struct subsystem *s = snapshot_subsystem(m->now, subsystem);

	return s ? s->nqn : "";
}

static void on_difference(void *userdata, const struct difference *d)
{
	struct manager *m = userdata;

	m->generation++;
	if (m->primed)
		tell_difference(m, d);
	if (d->kind == OBJECT_PATH)
		note_path(m, d);
	if (m->listener)
		m->listener->difference(m->listener_userdata, d);
}

/*
 * A path's key needs its controller, which went with it: keep the paths that
 * went while the old snapshot is still in place, then tell the rest.
 */
struct split {
	struct manager *m;
	bool gone;
};

static void on_split(void *userdata, const struct difference *d)
{
	struct split *s = userdata;

	if ((d->change == CHANGE_REMOVED) == s->gone)
		on_difference(s->m, d);
}

/* What the kernel has on a subsystem it has on all. */
static uint32_t subsystem_features(const struct manager *m)
{
	bool held;

	if (!m->now->n_subsystems ||
	    subsystem_read_births(m->root_fd, m->now->subsystems[0].o.name, &held) < 0)
		return 0;
	return FEATURE_BIT(FEATURE_NEW_PATH_ADMIN_STATE);
}

int manager_look(struct manager *m)
{
	_cleanup_(snapshot_freep) struct snapshot *fresh = NULL, *old = NULL;
	struct split split = { .m = m, .gone = true };
	int r;

	r = scan_all(m->root_fd, m->now, &fresh);
	if (r < 0)
		return log_warning_errno(r, "Failed to read the topology, keeping what is known: %m");
	snapshot_diff(m->now, fresh, on_split, &split);
	old = m->now;
	m->now = TAKE_PTR(fresh);
	m->features = snapshot_features(m->now) | subsystem_features(m);
	split.gone = false;
	snapshot_diff(old, m->now, on_split, &split);
	if (m->paths_went)
		ana_drop_gone(m);
	m->paths_went = false;
	m->primed = true;
	m->looked_usec = now_monotonic_usec();
	if (m->watch)
		watch_looked(m->watch);
	facts_refresh(m);
	keep_settings(m);
	manager_tell_status(m);
	return 0;
}

int manager_look_out(struct manager *m)
{
	uint64_t due = m->looked_usec + LOOK_APART_USEC;

	if (m->watch && watch_kernel_tells(m->watch) && now_monotonic_usec() < due)
		return 0;
	return manager_look(m);
}

static int on_look(sd_event_source *s, void *userdata)
{
	(void) s;
	(void) manager_look(userdata);
	return 0;
}

void manager_look_soon(struct manager *m)
{
	(void) sd_event_source_set_enabled(m->look, SD_EVENT_ONESHOT);
}

static void tell_change(struct manager *m, struct difference *d,
			const struct object *before, const struct object *after)
{
	if (!d->fields)
		return;
	d->before = before;
	d->after = after;
	on_difference(m, d);
	manager_tell_status(m);
}

void manager_update_controller(struct manager *m, const struct controller *c)
{
	struct controller *known = snapshot_controller(m->now, c->o.name), before;
	struct difference d = { .kind = OBJECT_CONTROLLER, .change = CHANGE_CHANGED };

	if (!known || known->o.ino != c->o.ino)
		return;
	d.fields = controller_diff(known, c);
	before = *known;
	*known = *c;
	tell_change(m, &d, &before.o, &known->o);
}

void manager_update_path(struct manager *m, const struct path *p)
{
	struct path *known = snapshot_path(m->now, p->o.name), before;
	struct difference d = { .kind = OBJECT_PATH, .change = CHANGE_CHANGED };

	if (!known || known->o.ino != p->o.ino)
		return;
	d.fields = path_diff(known, p);
	before = *known;
	*known = *p;
	tell_change(m, &d, &before.o, &known->o);
}

const char *manager_protection(const struct manager *m)
{
	if (!m->now->n_paths)
		return "unknown";
	return m->features & FEATURE_BIT(FEATURE_ADMIN_STATE) ? "full" : "observe";
}

bool manager_modules_alone(const struct manager *m)
{
	static const char mark[] = "-nvmpath-modules";
	const int mark_bytes = (int) sizeof(mark) - 1;
	char version[64];
	int n = sysfs_read(m->root_fd, "module/nvme_core/version", version, sizeof(version));

	return n >= mark_bytes && str_equal(version + n - mark_bytes, mark);
}

static void append_sources(const struct manager *m, char *dst, size_t size)
{
	const char *names[WATCH_SOURCES_MAX];
	size_t n = m->watch ? watch_sources(m->watch, names) : 0;

	for (size_t i = 0; i < n; i++)
		str_append(dst, size, "%s%s", i ? ", " : "; events from ", names[i]);
}

void manager_status_text(const struct manager *m, char *dst, size_t size)
{
	size_t usable = 0, held = 0, running = jobs_running(m);

	for (size_t i = 0; i < m->now->n_paths; i++) {
		usable += m->now->paths[i].usable;
		held += str_equal(m->now->paths[i].admin_state, "hold");
	}
	dst[0] = '\0';
	str_append(dst, size, "%zu paths, %zu usable, %zu held", m->now->n_paths,
		   usable, held);
	append_sources(m, dst, size);
	if (running)
		str_append(dst, size, "; %zu removal%s running", running,
			   running == 1 ? "" : "s");
	if (str_equal(manager_protection(m), "observe"))
		str_append(dst, size, "; the kernel has no admin_state: observing only");
	if (manager_modules_alone(m))
		str_append(dst, size, "; the kernel has nvmpath's NVMe modules alone");
	if (!m->config_known)
		str_append(dst, size, "; the configuration is not read yet: nothing is held or removed unless forced");
	if (manager_helper(m) == HELPER_AWAY)
		str_append(dst, size, "; no helper for admin commands");
}

/* A record of another boot says nothing about this one. */
static void read_boot_id(struct manager *m)
{
	char text[sizeof(m->boot_id)];

	if (sysfs_read(AT_FDCWD, "/proc/sys/kernel/random/boot_id", text,
		       sizeof(text)) > 0)
		STR_COPY(m->boot_id, text);
}

static int open_everything(struct manager *m)
{
	struct utsname u;
	int r;

	m->root_fd = sysfs_open_dir(AT_FDCWD, m->config.sysfs);
	if (m->root_fd < 0)
		return log_error_errno(m->root_fd, "Failed to open %s: %m",
				       m->config.sysfs);
	m->real_sysfs = str_equal(m->config.sysfs, "/sys");
	if (mkdir(m->config.run_dir, 0700) < 0 && errno != EEXIST)
		return log_error_errno(errno, "Failed to make %s: %m",
				       m->config.run_dir);
	read_boot_id(m);
	if (uname(&u) == 0)
		STR_COPY(m->kernel_release, u.release);
	r = worker_new(m->event, &m->worker);
	if (r < 0)
		return log_error_errno(r, "Failed to set up workers: %m");
	r = sd_event_add_defer(m->event, &m->look, on_look, m);
	if (r >= 0)	/* after all that waits: more of it is one look */
		r = sd_event_source_set_priority(m->look, SD_EVENT_PRIORITY_NORMAL + 1);
	if (r >= 0)
		r = sd_event_source_set_enabled(m->look, SD_EVENT_OFF);
	if (r < 0)
		return log_error_errno(r, "Failed to set up the event loop: %m");
	return 0;
}

int manager_new(sd_event *event, const struct manager_config *config,
		struct manager **ret)
{
	_cleanup_(manager_freep) struct manager *m = calloc(1, sizeof(*m));
	int r;

	if (!m)
		return -ENOMEM;
	m->event = sd_event_ref(event);
	m->config = *config;
	m->root_fd = -EBADF;
	m->next_id = 1;
	r = snapshot_new(&m->now);
	if (r < 0)
		return r;
	config_init(m);
	r = open_everything(m);
	if (r < 0)
		return r;
	r = manager_look(m);
	if (r < 0)
		return r;
	r = recover(m);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(m);
	return 0;
}

struct manager *manager_free(struct manager *m)
{
	if (!m)
		return NULL;
	m->listener = NULL;
	watch_free(m->watch);
	helper_link_free(m->helper);
	sd_event_source_disable_unref(m->look);
	for (size_t i = 0; i < m->n_jobs; i++)
		job_free(m->jobs[i]);
	free(m->jobs);
	holds_done(m);
	worker_free(m->worker);
	first_reading_free(m->first_reading);
	snapshot_free(m->now);
	free(m->stats);
	index_done(&m->stats_index);
	free(m->facts);
	free(m->kept);
	free(m->ana);
	free(m->hold_notes);
	history_done(&m->history);
	settings_done(&m->settings);
	if (m->root_fd >= 0)
		close(m->root_fd);
	sd_event_unref(m->event);
	free(m);
	return NULL;
}

void manager_set_listener(struct manager *m, const struct manager_listener *l,
			  void *userdata)
{
	m->listener = l;
	m->listener_userdata = userdata;
}

enum helper_state manager_helper(const struct manager *m)
{
	return m->helper ? helper_link_state(m->helper) : HELPER_STARTING;
}

static void on_helper(void *userdata, enum helper_state now)
{
	struct manager *m = userdata;

	if (now == HELPER_AWAY && !m->missed_helper)
		tell_helper(m, "there", "away");
	else if (now == HELPER_THERE && m->missed_helper)
		tell_helper(m, "away", "there");
	if (now != HELPER_STARTING)
		m->missed_helper = now == HELPER_AWAY;
	if (now == HELPER_THERE)
		facts_ask_again(m);
	if (m->listener)
		m->listener->helper(m->listener_userdata);
	manager_tell_status(m);
}

int manager_start(struct manager *m)
{
	int r = watch_new(m, &m->watch);

	if (r < 0)
		return r;
	r = helper_link_new(m->event, m->config.helper, on_helper, m, &m->helper);
	return r < 0 ? log_error_errno(r, "Failed to look for the helper: %m") : 0;
}
