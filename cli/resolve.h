/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From what the user typed to an object. Pure over the model. */
#ifndef NVMPATH_CLI_RESOLVE_H
#define NVMPATH_CLI_RESOLVE_H

#include "model.h"
#include "scope.h"

#define RESOLVE_CANDIDATES 5

/* Kernel names that were near, for the error line. Borrowed from the model. */
struct candidates {
	size_t n;
	const char *names[RESOLVE_CANDIDATES];
};

/*
 * Finds a kernel name ("/dev/" before it is allowed), a subsystem's NQN or a
 * removal's number.
 * -ENOENT: none, ret_near has what looks alike.
 * -ENOTUNIQ: several subsystems have that NQN, ret_near names them.
 */
int resolve(const struct model *m, const char *text, const struct object **ret,
	    struct candidates *ret_near);

/*
 * The same, and besides KEY=VALUE (scope.h) and a PCI address, which stand for controllers.
 * -ENOENT: ret_near has names that look alike, or the values that there are for the key.
 * -ENOTUNIQ: as above. -EINVAL: the text is too long, or its KEY is none.
 * ret->text is set in any case; ret->key too where the key is known.
 */
int resolve_scope(const struct model *m, const char *text, struct scope *ret,
		  struct candidates *ret_near);

/*
 * The newest removal of that kernel name that can be restored, or the removal of that
 * number whatever its state. -ENOENT.
 */
int resolve_removal(const struct model *m, const char *text, struct removal **ret);

/* The same for removals that still run. */
int resolve_running(const struct model *m, const char *text, struct removal **ret);

#endif
