/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doctor.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "describe.h"
#include "text.h"
#include "util.h"

/* So many attempts are more than one outage makes. */
#define RECONNECTS_MANY 10
/* A hold by hand without an end is forgotten after a day. */
#define HOLD_LONG_USEC (86400 * USEC_PER_SEC)

const char *finding_level_to_string(enum finding_level level)
{
	static const char * const words[] = { "ok", "note", "warning", "problem" };

	return words[level];
}

const char *doctor_action_to_string(enum doctor_action action)
{
	static const char * const words[] = {
#define X(suffix, word, verbs) word,
		DOCTOR_ACTIONS(X)
#undef X
	};

	return action >= 0 && action < _DOCTOR_ACTION_MAX ? words[action] : NULL;
}

/* Allocated; NULL: no memory. */
static char *name_object(const char *remedy, const char *what)
{
	static const char word[] = "OBJECT";
	const char *at = strstr(remedy, word);
	char *text;

	if (!at)
		return strdup(remedy);
	if (asprintf(&text, "%.*s%.*s%s", (int) (at - remedy), remedy,
		     (int) strcspn(what, " :"), what, at + strlen(word)) < 0)
		return NULL;
	return text;
}

static int add(struct findings *f, struct finding *take_finding)
{
	struct finding *more = reallocarray(f->list, f->n + 1, sizeof(*more));

	if (more)
		f->list = more;
	if (!more || !take_finding->what || !take_finding->remedy) {
		free(take_finding->what);
		free(take_finding->remedy);
		return -ENOMEM;
	}
	more[f->n++] = *take_finding;
	return 0;
}

void findings_add(struct findings *f, enum finding_level level, const char *means,
		  const char *remedy, const char *fmt, ...)
{
	struct finding x = { .level = level, .means = means };
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&x.what, fmt, ap) < 0)
		x.what = NULL;
	va_end(ap);
	x.remedy = x.what ? name_object(remedy, x.what) : NULL;
	if (add(f, &x) < 0)
		f->error = -ENOMEM;
}

void findings_done(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->list[i].what);
		free(f->list[i].remedy);
	}
	free(f->list);
	*f = (struct findings) { 0 };
}

enum finding_level findings_worst(const struct findings *f)
{
	enum finding_level worst = FINDING_OK;

	for (size_t i = 0; i < f->n; i++)
		worst = f->list[i].level > worst ? f->list[i].level : worst;
	return worst;
}

static void examine_protection(const struct manager *g, struct findings *f)
{
	if (!strcmp(g->protection, "full"))
		findings_add(f, FINDING_OK, "", "", "protection is full: paths can be held and drained");
	else if (!strcmp(g->protection, "observe"))
		findings_add(f, FINDING_PROBLEM, "nothing can be held: hold, drain and remove are refused",
			     "boot a kernel with the patch series (kernel-patch/)",
			     "protection is observe: Linux %s has no admin_state", g->kernel_release);
	else
		findings_add(f, FINDING_NOTE, "without a path the kernel does not show what it can",
			     "connect a subsystem with native multipath (nvme_core.multipath=Y)",
			     "protection is unknown: there is no path");
}

/* What each missing feature costs. */
static const struct feature {
	const char *word;
	enum finding_level level;
	const char *means, *remedy;
} features[] = {
	{ "path_state", FINDING_WARNING,
	  "whether a path is usable is derived from controller and ANA state",
	  "boot a kernel with the patch series" },
	{ "bio_redirect_count", FINDING_NOTE, "redirected I/O is not counted and shows as -",
	  "boot a kernel with the patch series" },
	{ "diag", FINDING_NOTE, "failovers, retries and errors are not counted and show as -",
	  "Linux 7.2 and later count them, as does the patch series" },
	{ "controller_admin_state", FINDING_NOTE,
	  "a controller is held path by path: slower where it has many",
	  "boot a kernel with the present patch series" },
	{ "new_path_admin_state", FINDING_NOTE,
	  "a path that returns carries I/O before it has settled",
	  "boot a kernel with the present patch series" },
	{ "drain_state", FINDING_NOTE,
	  "a drain counts started requests (iostats) instead of asking the kernel",
	  "boot a kernel with the present patch series" },
	{ "uevents", FINDING_NOTE, "changes are seen by tracepoint or by polling",
	  "boot a kernel with the present patch series" },
};

static void examine_sources(const struct manager *g, struct findings *f)
{
	char names[256] = "";
	size_t n = 0;

	for (char **s = g->event_sources; *s && n < sizeof(names); s++)
		n += (size_t) snprintf(names + n, sizeof(names) - n, "%s%s", n ? ", " : "", *s);
	findings_add(f, FINDING_OK, "", "", "events come from %s", names);
}

static void examine_features(const struct manager *g, struct findings *f)
{
	if (strv_has(g->kernel_features, "modules_alone"))
		findings_add(f, FINDING_WARNING,
			     "a path that is lost without asking can still hand errors to applications, and a flush that fails over is acknowledged though it never ran",
			     "boot a kernel with the patch series: planned removals alone are covered",
			     "Linux %s has nvmpath's NVMe modules without its block layer",
			     g->kernel_release);
	for (size_t i = 0; i < ARRAY_SIZE(features); i++)
		if (strv_has(g->kernel_missing, features[i].word))
			findings_add(f, features[i].level, features[i].means, features[i].remedy,
				     "Linux %s has no %s", g->kernel_release, features[i].word);
	if (strv_len(g->event_sources) == 1 && strv_has(g->event_sources, "poll"))
		findings_add(f, FINDING_WARNING, "changes are seen seconds late",
			     "see why with: journalctl -u nvmpathd", "polling is the only event source");
	else if (*g->event_sources)
		examine_sources(g, f);
}

struct spread {
	const char *port, *iface;
	bool one_port, one_iface;
};

/* Whether all paths go to one port of the target, or through one interface of ours. */
static void spread_of(const struct model *m, const struct namespace *ns, struct spread *s)
{
	*s = (struct spread) { .one_port = true, .one_iface = true };
	for (char **n = ns->paths; *n; n++) {
		const struct path *p = model_path(m, *n);

		if (!p || !p->ctrl)
			continue;
		s->one_port &= *p->ctrl->traddr && (!s->port || !strcmp(s->port, p->ctrl->traddr));
		s->one_iface &= *p->ctrl->host_iface &&
				(!s->iface || !strcmp(s->iface, p->ctrl->host_iface));
		s->port = p->ctrl->traddr;
		s->iface = p->ctrl->host_iface;
	}
}

static void examine_spread(const struct model *m, const struct namespace *ns, struct findings *f)
{
	struct spread s;

	if (strv_len(ns->paths) < 2)
		return;
	spread_of(m, ns, &s);
	if (s.one_port)
		findings_add(f, FINDING_WARNING, "when that port goes, all paths go at once",
			     "connect through a second port of the target",
			     "%s: all paths go to %s", ns->object.name, s.port);
	if (s.one_iface)
		findings_add(f, FINDING_WARNING, "when that interface goes, all paths go at once",
			     "connect through a second interface (nvme connect --host-iface)",
			     "%s: all paths go through %s", ns->object.name, s.iface);
}

static void examine_namespaces(const struct model *m, struct findings *f)
{
	model_each(m, KIND_NAMESPACE, struct namespace, ns) {
		const char *name = ns->object.name;

		switch (namespace_health(ns)) {
		case HEALTH_NO_PATH:
			findings_add(f, FINDING_PROBLEM, "I/O to it waits or fails",
				     "see why with: nvmpathctl show OBJECT", "%s has no usable path", name);
			break;
		case HEALTH_LAST_PATH:
			findings_add(f, FINDING_PROBLEM, "one more loss stops its I/O",
				     "bring a path back, or connect a second one",
				     "%s is on its last usable path of %zu", name, strv_len(ns->paths));
			break;
		case HEALTH_DEGRADED:
			findings_add(f, FINDING_WARNING, "there is less redundancy than was set up",
				     "see which path, and why: nvmpathctl show OBJECT",
				     "%s has %u of %zu paths", name, ns->usable_paths, strv_len(ns->paths));
			break;
		case HEALTH_UNKNOWN:
			findings_add(f, FINDING_NOTE, "nvmpath sees it, but has nothing to protect",
				     "nvme_core.multipath=Y, and a subsystem that shares namespaces",
				     "%s is not under native multipath", name);
			break;
		case HEALTH_OK:
		case _HEALTH_MAX:
		case _HEALTH_INVALID:
			break;
		}
		examine_spread(m, ns, f);
	}
}

static void examine_controllers(const struct model *m, struct findings *f)
{
	model_each(m, KIND_CONTROLLER, struct controller, c) {
		if (*c->state && strcmp(c->state, "live"))
			findings_add(f, FINDING_WARNING, "none of its paths carries I/O",
				     "look at link and target; it is removed after ctrl_loss_tmo",
				     "%s is %s", c->object.name, c->state);
		if (c->reconnects > RECONNECTS_MANY)
			findings_add(f, FINDING_NOTE, "the link or the target is not steady",
				     "look at cables, switch and target; hold it meanwhile",
				     "%s tried to reconnect %lld times", c->object.name,
				     (long long) c->reconnects);
	}
}

static void examine_paths(const struct model *m, uint64_t now_usec, struct findings *f)
{
	char span[TEXT_MAX];

	model_each(m, KIND_PATH, struct path, p) {
		const char *name = p->object.name;
		bool held = !strcmp(p->admin_state, "hold");
		uint64_t age = now_usec - p->hold_since_usec;

		if (held && !*p->hold_owner && !*p->removal)
			findings_add(f, FINDING_WARNING, "nobody is known to end it",
				     "if nobody needs it: nvmpathctl release OBJECT",
				     "%s is held, but not by nvmpathd", name);
		else if (held && p->hold_since_usec && age > HOLD_LONG_USEC &&
			 !p->hold_expires_usec)
			findings_add(f, FINDING_WARNING, "it may have been forgotten",
				     "nvmpathctl release OBJECT; next time: --ttl=TIME",
				     "%s is held by %s for %s without an end", name,
				     text_or_dash(p->hold_owner), text_duration(span, age));
		if (path_is_flaky(p, now_usec))
			findings_add(f, FINDING_WARNING, "each change costs I/O a failover",
				     "see nvmpathctl history OBJECT; hold it until the cause is found",
				     "%s changed %llu times, the last within an hour", name,
				     (unsigned long long) p->transitions);
	}
}

static void examine_removals(const struct model *m, struct findings *f)
{
	model_each(m, KIND_REMOVAL, struct removal, r)
		if (!strcmp(r->state, "failed") && r->held)
			findings_add(f, FINDING_WARNING, "its paths stay out of use",
				     "nvmpathctl release OBJECT, or try again",
				     "%s: its %s failed and still holds %u paths", r->target,
				     verb_noun(r->kind), r->held);
}

static void examine_policies(const struct model *m, struct findings *f)
{
	model_each(m, KIND_SUBSYSTEM, struct subsystem, s)
		if (!strcmp(s->io_policy, "numa") && strv_len(s->controllers) > 2)
			findings_add(f, FINDING_NOTE, "each NUMA node uses one path, the others idle",
				     "try queue-depth or round-robin in the subsystem's iopolicy",
				     "%s has %zu controllers under iopolicy numa", s->object.name,
				     strv_len(s->controllers));
}

static void examine_right(const char *verbs, const char *action, enum doctor_right right,
			  struct findings *f)
{
	switch (right) {
	case RIGHT_YES:
		findings_add(f, FINDING_OK, "", "", "you may use %s (%s)", verbs, action);
		return;
	case RIGHT_ASKS:
		findings_add(f, FINDING_NOTE, "polkit asks for a password first",
			     "be root, or have a polkit rule for it",
			     "%s: authorisation is asked for (%s)", verbs, action);
		return;
	case RIGHT_NO:
		findings_add(f, FINDING_NOTE, "it ends with exit code 6",
			     "be root, or have a polkit rule for it",
			     "%s: you are not authorised (%s)", verbs, action);
		return;
	case RIGHT_UNKNOWN:
		findings_add(f, FINDING_NOTE, "polkit does not answer: only root may",
			     "be root, or see: systemctl status polkit",
			     "%s: you are not root (%s)", verbs, action);
		return;
	}
}

static void examine_rights(const struct doctor_host *host, struct findings *f)
{
	static const char * const verbs[] = {
#define X(suffix, word, verbs) verbs,
		DOCTOR_ACTIONS(X)
#undef X
	};

	if (!host->uid)
		findings_add(f, FINDING_OK, "", "", "you are root: nothing asks for authorisation");
	for (int a = 0; a < _DOCTOR_ACTION_MAX && host->uid; a++)
		examine_right(verbs[a], doctor_action_to_string((enum doctor_action) a),
			      host->rights[a], f);
}

static void examine_udev(const struct doctor_host *host, struct findings *f)
{
	if (!strcmp(host->udev, "active"))
		findings_add(f, FINDING_OK, "", "", "udev runs");
	else if (!*host->udev)
		findings_add(f, FINDING_NOTE, "its rules name the disks and connect what discovery finds",
			     "see: systemctl status systemd-udevd",
			     "whether udev runs is unknown: systemd is not on this bus");
	else
		findings_add(f, FINDING_WARNING,
			     "names below /dev/disk do not follow, nothing is connected on discovery",
			     "systemctl start systemd-udevd", "udev is %s", host->udev);
}

void doctor_examine(const struct model *m, const struct doctor_host *host, uint64_t now_usec,
		    struct findings *ret)
{
	*ret = (struct findings) { 0 };
	if (m->manager) {
		examine_protection(m->manager, ret);
		examine_features(m->manager, ret);
	}
	examine_namespaces(m, ret);
	examine_controllers(m, ret);
	examine_paths(m, now_usec, ret);
	examine_removals(m, ret);
	examine_policies(m, ret);
	doctor_examine_loss(m, ret);
	examine_udev(host, ret);
	examine_rights(host, ret);
	if (findings_worst(ret) == FINDING_OK)
		findings_add(ret, FINDING_OK, "", "", "paths: %zu, namespaces: %zu; nothing is wrong",
			     m->lists[KIND_PATH].n, m->lists[KIND_NAMESPACE].n);
}
