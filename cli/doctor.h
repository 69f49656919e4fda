/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong, what it means, what to do. Pure but for doctor_ask_host(). */
#ifndef NVMPATH_CLI_DOCTOR_H
#define NVMPATH_CLI_DOCTOR_H

#include <systemd/sd-bus.h>

#include "model.h"
#include "util.h"

enum finding_level { FINDING_OK, FINDING_NOTE, FINDING_WARNING, FINDING_PROBLEM };

struct finding {
	enum finding_level level;
	char *what;		/* names the object */
	const char *means;	/* borrowed; "" for FINDING_OK */
	char *remedy;
};

struct findings {
	struct finding *list;
	size_t n;
	int error;		/* -ENOMEM sticks */
};

const char *finding_level_to_string(enum finding_level level);

/* polkit's: io.github.nvmpath1.WORD. X(SUFFIX, word, the verbs and options that it is for) */
#define DOCTOR_ACTIONS(X)							\
	X(OBSERVE, "observe", "history, plan and monitor")			\
	X(HOLD, "hold", "hold and release")					\
	X(REMOVE, "remove", "drain, remove, restore, cancel and with-held")	\
	X(FORCE, "force", "--force")

enum doctor_action {
#define X(suffix, word, verbs) DOCTOR_##suffix,
	DOCTOR_ACTIONS(X)
#undef X
	_DOCTOR_ACTION_MAX,
	_DOCTOR_ACTION_INVALID = -22,
};

const char *doctor_action_to_string(enum doctor_action action);

enum doctor_right { RIGHT_UNKNOWN, RIGHT_NO, RIGHT_ASKS, RIGHT_YES };

/* The host that the bus is on. */
struct doctor_host {
	int64_t uid;				/* ours, as the bus sees it; -1: unknown */
	enum doctor_right rights[_DOCTOR_ACTION_MAX];	/* polkit's word; root needs none */
	char udev[32];				/* its unit's state; "": unknown */
};

void doctor_ask_host(sd_bus *bus, struct doctor_host *ret);

/* findings_done() in any case. */
void doctor_examine(const struct model *m, const struct doctor_host *host, uint64_t now_usec,
		    struct findings *ret);
/* ctrl_loss_tmo and the like against the redundancy that there is; a part of the above. */
void doctor_examine_loss(const struct model *m, struct findings *f);

/*
 * means is borrowed; fmt is what was found, and names the object. OBJECT in remedy
 * is the first word of that, so that a command can be copied as it stands.
 */
void findings_add(struct findings *f, enum finding_level level, const char *means,
		  const char *remedy, const char *fmt, ...) _printf_(5, 6);
void findings_done(struct findings *f);
enum finding_level findings_worst(const struct findings *f);

#endif
