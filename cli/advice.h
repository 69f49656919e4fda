/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why an object is not in use, and what may be done with it. Pure over the model. */
#ifndef NVMPATH_CLI_ADVICE_H
#define NVMPATH_CLI_ADVICE_H

#include "model.h"
#include "util.h"

struct advice {
	char **why;		/* sentences; empty: it is in use */
	char **may;		/* "nvmpathctl release nvme1c3n1: it carries I/O again" */
	int error;		/* -ENOMEM sticks */
};

/*
 * What may be done is what would not be refused at first sight; what the kernel can is the
 * manager's word, if the model has it. advice_done() in any case.
 */
void advise(const struct model *m, const struct object *o, struct advice *ret);
void advice_done(struct advice *a);
#define _cleanup_advice_ _cleanup_(advice_done)

#endif
