/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel's settings make of a loss, held against the redundancy that
 * there is. Controllers are reconnected to every reconnect_delay, and given up
 * after ctrl_loss_tmo; without any path I/O waits until then, or for
 * fast_io_fail_tmo (nvme_available_path() and nvme_failfast_work() of the
 * kernel). PCI functions have none of these.
 */
#include "doctor.h"

#include <stdio.h>
#include <string.h>

#include "text.h"
#include "util.h"

/* Shorter than that is no time for a switch or a target to restart; the default is 600 s. */
#define SHORT_SEC 60
/* The default is 10 s. */
#define SLOW_RECONNECT_SEC 30

#define IN_CONFIGURATION "in nvmpathd.conf: [Subsystem NQN] "

static bool is_fabrics(const struct controller *c)
{
	return *c->transport && strcmp(c->transport, "pcie") != 0;
}

static bool is_finite(int64_t sec)
{
	return sec >= 0 && sec != NVMPATH_SEC_OFF;
}

/* Whether every namespace behind it has another path. */
static bool has_others(const struct model *m, const struct controller *c)
{
	for (char **n = c->paths; *n; n++) {
		const struct path *p = model_path(m, *n);

		if (!p || !p->ns || strv_len(p->ns->paths) < 2)
			return false;
	}
	return *c->paths;
}

static void examine_reconnect(const struct model *m, const struct controller *c,
			      struct findings *f)
{
	int64_t delay = c->reconnect_delay_sec, loss = c->ctrl_loss_tmo_sec;
	const char *name = c->object.name;

	if (is_finite(delay) && is_finite(loss) && delay > loss)
		findings_add(f, FINDING_WARNING, "it is given up before it is tried again",
			     IN_CONFIGURATION "ReconnectDelay= well below CtrlLossTmo=",
			     "%s: reconnect_delay (%lld s) is longer than ctrl_loss_tmo (%lld s)",
			     name, (long long) delay, (long long) loss);
	else if (is_finite(delay) && delay > SLOW_RECONNECT_SEC && has_others(m, c))
		findings_add(f, FINDING_NOTE, "after an outage redundancy comes back that much later",
			     IN_CONFIGURATION "ReconnectDelay=10",
			     "%s is reconnected to every %lld s only", name, (long long) delay);
}

static void examine_giving_up(const struct model *m, const struct controller *c,
			      struct findings *f)
{
	const char *name = c->object.name;

	if (is_finite(c->ctrl_loss_tmo_sec) && c->ctrl_loss_tmo_sec < SHORT_SEC)
		findings_add(f, FINDING_WARNING,
			     "after a longer outage its paths are gone, and nothing connects them again",
			     IN_CONFIGURATION "CtrlLossTmo=600 or off",
			     "%s is given up after %lld s (ctrl_loss_tmo)", name,
			     (long long) c->ctrl_loss_tmo_sec);
	else if (c->ctrl_loss_tmo_sec == NVMPATH_SEC_OFF && has_others(m, c))
		findings_add(f, FINDING_NOTE,
			     "if it is lost for good it stays, connecting, and redundancy with it",
			     "have nvmpathctl check watched; else CtrlLossTmo= in nvmpathd.conf",
			     "%s is never given up (ctrl_loss_tmo is off)", name);
}

/* -1: not known. */
static int64_t patience_of(const struct controller *c)
{
	int64_t loss = c->ctrl_loss_tmo_sec, fast = c->fast_io_fail_tmo_sec;

	return fast >= 0 && fast < loss ? fast : loss;
}

/* The longest of its controllers; -1: one is not known, or a PCI function. */
static int64_t patience_for(const struct model *m, const struct namespace *ns)
{
	int64_t longest = -1;

	for (char **n = ns->paths; *n; n++) {
		const struct path *p = model_path(m, *n);
		int64_t sec = p && p->ctrl && is_fabrics(p->ctrl) ? patience_of(p->ctrl) : -1;

		if (sec < 0)
			return -1;
		longest = sec > longest ? sec : longest;
	}
	return longest;
}

static void examine_patience(const struct model *m, const struct namespace *ns,
			     struct findings *f)
{
	bool alone = strv_len(ns->paths) < 2;
	int64_t sec = patience_for(m, ns);

	if (!is_finite(sec) || sec >= SHORT_SEC)
		return;
	findings_add(f, alone ? FINDING_WARNING : FINDING_NOTE,
		     alone ? "it has one path: an outage of that which is longer fails I/O" :
			     "all paths lost at once, as when the target restarts, fail I/O",
		     IN_CONFIGURATION "FastIoFailTmo= and CtrlLossTmo=",
		     "%s: without a path I/O fails after %lld s", ns->object.name,
		     (long long) sec);
}

/* One line for all of whom the bus does not say it. */
static void examine_unknown(const struct model *m, struct findings *f)
{
	const struct controller *first = NULL;
	size_t n = 0;

	model_each(m, KIND_CONTROLLER, struct controller, c) {
		if (!is_fabrics(c) || c->ctrl_loss_tmo_sec >= 0)
			continue;
		first = first ?: c;
		n++;
	}
	if (first)
		findings_add(f, FINDING_NOTE, "how long an outage may last is not known",
			     "see /sys/class/nvme/*/ctrl_loss_tmo",
			     n > 1 ? "ctrl_loss_tmo of %s and %zu more is unknown" :
				     "ctrl_loss_tmo of %s is unknown", first->object.name, n - 1);
}

static void examine_difference(const struct model *m, const struct subsystem *s,
			       struct findings *f)
{
	const struct controller *first = NULL;
	char a[TEXT_MAX], b[TEXT_MAX];

	for (char **n = s->controllers; *n; n++) {
		const struct controller *c = model_controller(m, *n);

		if (!c || !is_fabrics(c) || c->ctrl_loss_tmo_sec < 0)
			continue;
		first = first ?: c;
		if (c->ctrl_loss_tmo_sec == first->ctrl_loss_tmo_sec)
			continue;
		findings_add(f, FINDING_NOTE, "one outage takes some of its paths for good, others not",
			     IN_CONFIGURATION "CtrlLossTmo=, for all of them",
			     "%s: ctrl_loss_tmo is %s for %s, but %s for %s", s->object.name,
			     text_seconds(a, first->ctrl_loss_tmo_sec), first->object.name,
			     text_seconds(b, c->ctrl_loss_tmo_sec), c->object.name);
		return;
	}
}

void doctor_examine_loss(const struct model *m, struct findings *f)
{
	model_each(m, KIND_CONTROLLER, struct controller, c) {
		if (!is_fabrics(c))
			continue;
		examine_reconnect(m, c, f);
		examine_giving_up(m, c, f);
	}
	model_each(m, KIND_NAMESPACE, struct namespace, ns)
		examine_patience(m, ns, f);
	model_each(m, KIND_SUBSYSTEM, struct subsystem, s)
		examine_difference(m, s, f);
	examine_unknown(m, f);
}
