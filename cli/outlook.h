/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What would be lost next: the single losses that no namespace should depend on. Pure. */
#ifndef NVMPATH_CLI_OUTLOOK_H
#define NVMPATH_CLI_OUTLOOK_H

#include "model.h"
#include "scope.h"
#include "util.h"

/* One controller, interface of ours or port of a target, and whom it is all to. */
struct loss {
	char object[SCOPE_TEXT_MAX];	/* as the verbs take it: nvme3, host-iface=eth1 */
	const char **namespaces;	/* borrowed from the model */
	size_t n;
};

struct outlook {
	struct loss *losses;		/* those that take most namespaces first */
	size_t n;
	size_t reached;			/* namespaces with a usable path */
	size_t nearly;			/* of them: a single loss would leave one path */
	int error;
};

/* The caller calls outlook_done() in any case; error is -ENOMEM or 0. */
void outlook_make(const struct model *m, struct outlook *ret);
void outlook_done(struct outlook *o);
#define _cleanup_outlook_ _cleanup_(outlook_done)

#endif
