/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who may do what: root everything, others what polkit says
 * (units/io.github.nvmpath1.policy). The bus daemon is asked who calls, and then
 * polkit, without waiting: the handler returns, and is called once more with each
 * answer.
 */
#ifndef NVMPATH_BUS_AUTH_H
#define NVMPATH_BUS_AUTH_H

#include "object.h"

/* X(SUFFIX, polkit action) */
#define AUTH_ACTIONS(X)						\
	X(OBSERVE,	NVMPATH_BUS_NAME ".observe")		\
	X(HOLD,		NVMPATH_BUS_NAME ".hold")		\
	X(REMOVE,	NVMPATH_BUS_NAME ".remove")		\
	X(FORCE,	NVMPATH_BUS_NAME ".force")

#define AUTH_ENUM_(suffix, action) AUTH_##suffix,
enum auth_action {
	AUTH_ACTIONS(AUTH_ENUM_)
	_AUTH_MAX,
};

/*
 * Whether the caller of @m may do @action on @target ("" for none), and if
 * @force, go below the floors besides. 0: yes, *@ret_uid is the caller's. 1: that
 * is being asked; the handler has to return 1 at once, having done nothing, and
 * is called again with the same message. Negative: no, @error says so.
 */
int auth_check(sd_bus_message *m, enum auth_action action, bool force,
	       const char *target, uint32_t *ret_uid, sd_bus_error *error);

/* The same for a verb of a removal: what that was begun with is what counts. */
int auth_check_removal(sd_bus_message *m, const struct job *j, uint32_t *ret_uid,
		       sd_bus_error *error);

/* Forgets who waits. */
void auth_done(struct bus *b);

#endif
