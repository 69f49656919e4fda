/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The life of a planned removal (docs/REMOVAL.md), as one pure function over
 * a table. A job performs the action that a step names and feeds the result
 * back as the next input.
 */
#ifndef NVMPATH_CORE_REMOVAL_H
#define NVMPATH_CORE_REMOVAL_H

#include <stdbool.h>
#include <stdint.h>

#include <nvmpath/words.h>

#include "base/table.h"

#define REMOVAL_STATE_ENUM_(suffix, word, rest) REMOVAL_##suffix,
enum removal_state {
	NVMPATH_REMOVAL_STATES(REMOVAL_STATE_ENUM_)
	_REMOVAL_STATE_MAX,
	_REMOVAL_STATE_INVALID = -EINVAL,
};
DECLARE_TABLE(removal_state, enum removal_state);

#define REMOVAL_KIND_ENUM_(suffix, word) KIND_##suffix,
enum removal_kind {
	NVMPATH_REMOVAL_KINDS(REMOVAL_KIND_ENUM_)
	_REMOVAL_KIND_MAX,
	_REMOVAL_KIND_INVALID = -EINVAL,
};
DECLARE_TABLE(removal_kind, enum removal_kind);

#define REMOVAL_INPUTS(X)						\
	X(START,	"start")	/* somebody asked */		\
	X(WAIT,		"wait")		/* another one is at work */	\
	X(OK,		"ok")		/* the action succeeded */	\
	X(ERROR,	"error")	/* the action failed: error */	\
	X(GONE,		"gone")		/* no path of it is left */	\
	X(THERE,	"there")	/* a probe found it */		\
	X(TICK,		"tick")		/* time passed */		\
	X(CANCEL,	"cancel")	/* somebody asked */		\
	X(RESTORE,	"restore")	/* somebody asked */		\
	X(RESTART,	"restart")	/* the daemon began anew */

#define REMOVAL_INPUT_ENUM_(suffix, word) INPUT_##suffix,
enum removal_input {
	REMOVAL_INPUTS(REMOVAL_INPUT_ENUM_)
	_REMOVAL_INPUT_MAX,
	_REMOVAL_INPUT_INVALID = -EINVAL,
};
DECLARE_TABLE(removal_input, enum removal_input);

#define REMOVAL_ACTIONS(X)						\
	X(NONE,		"none")						\
	X(CHECK,	"check")	/* may it go, and can it? */	\
	X(HOLD,		"hold")		/* all paths */			\
	X(WATCH,	"watch")	/* sample until quiet */	\
	X(DETACH,	"detach")	/* and see that it is gone */	\
	X(RELEASE,	"release")	/* the holds that it made */	\
	X(RESTORE,	"restore")	/* and see that it is usable */	\
	X(PROBE,	"probe")	/* is it there? */		\
	X(FINISH,	"finish")	/* it rests: say so */

#define REMOVAL_ACTION_ENUM_(suffix, word) ACTION_##suffix,
enum removal_action {
	REMOVAL_ACTIONS(REMOVAL_ACTION_ENUM_)
	_REMOVAL_ACTION_MAX,
	_REMOVAL_ACTION_INVALID = -EINVAL,
};
DECLARE_TABLE(removal_action, enum removal_action);

struct removal_machine {
	enum removal_state state;
	enum removal_kind kind;
	uint64_t drain_timeout_usec;
	uint64_t hook_timeout_usec;
	unsigned parts;		/* controllers: each takes its time to return */
	uint64_t deadline_usec;	/* of this state; 0 where it does not wait */
	int error;		/* positive errno: why it did not go through */
	bool was_detaching;	/* the point of no return was reached */
};

/*
 * Until when a controller whose return begins now may take: as long as any of
 * them, and not longer than the state. Of restoring alone.
 */
uint64_t removal_part_deadline(const struct removal_machine *m, uint64_t now_usec);

/* Resting states wait for nothing but a request of somebody. */
bool removal_state_rests(enum removal_state state);

/* May RESTORE be asked? Where it was detached, also after a failed try. */
bool removal_can_restore(const struct removal_machine *m);

/*
 * One step. @error is the positive errno that comes with INPUT_ERROR, else 0.
 * On 0 *@ret is the machine after the step and *@ret_action what to do now;
 * @ret may be @m. INPUT_TICK before the deadline changes nothing.
 * -EPROTO: this input is not legal in this state; nothing is written.
 */
int removal_step(const struct removal_machine *m, enum removal_input input,
		 int error, uint64_t now_usec, struct removal_machine *ret,
		 enum removal_action *ret_action);

#endif
