/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong, what it means, what to do. Pure over the model. */
#ifndef NVMPATH_CLI_DOCTOR_H
#define NVMPATH_CLI_DOCTOR_H

#include "model.h"

enum finding_level { FINDING_OK, FINDING_NOTE, FINDING_WARNING, FINDING_PROBLEM };

struct finding {
	enum finding_level level;
	char *what;		/* names the object */
	const char *means;	/* borrowed; "" for FINDING_OK */
	const char *remedy;
};

struct findings {
	struct finding *list;
	size_t n;
	int error;		/* -ENOMEM sticks */
};

const char *finding_level_to_string(enum finding_level level);

/* privileged: whether the caller is root. findings_done() in any case. */
void doctor_examine(const struct model *m, bool privileged, uint64_t now_usec,
		    struct findings *ret);
void findings_done(struct findings *f);
enum finding_level findings_worst(const struct findings *f);

#endif
