/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/clock.h"
#include "base/macro.h"
#include "removal.h"

#define STATE_WORD_(suffix, word, rest) word,
static const char *const states[] = {
	NVMPATH_REMOVAL_STATES(STATE_WORD_)
};
DEFINE_TABLE(removal_state, enum removal_state, states)

#define WORD_(suffix, word) word,
static const char *const kinds[] = {
	NVMPATH_REMOVAL_KINDS(WORD_)
};
DEFINE_TABLE(removal_kind, enum removal_kind, kinds)

static const char *const inputs[] = {
	REMOVAL_INPUTS(WORD_)
};
DEFINE_TABLE(removal_input, enum removal_input, inputs)

static const char *const actions[] = {
	REMOVAL_ACTIONS(WORD_)
};
DEFINE_TABLE(removal_action, enum removal_action, actions)

#define RESTS_(suffix, word, rest) rest,
bool removal_state_rests(enum removal_state state)
{
	static const bool rests[] = {
		NVMPATH_REMOVAL_STATES(RESTS_)
	};

	return (size_t) state < ARRAY_SIZE(rests) && rests[state];
}

bool removal_can_restore(const struct removal_machine *m)
{
	return m->state == REMOVAL_DETACHED ||
	       (m->state == REMOVAL_FAILED && m->was_detaching);
}

/* As long as the removal ahead may drain at most. */
#define QUEUE_USEC (24 * 3600 * USEC_PER_SEC)
/* To connect, scan and read the ANA log, of one controller. */
#define PART_USEC (30 * USEC_PER_SEC)

/*
 * How long a state may last. Seconds, not milliseconds: a hold waits for an
 * SRCU grace period of each head, deleting a controller over fabrics for its
 * queues to be torn down; both took under 0.3 s on an emulated machine.
 */
static uint64_t patience_usec(const struct removal_machine *m,
			      enum removal_state state)
{
	switch (state) {
	case REMOVAL_CHECKING:
		return 15 * USEC_PER_SEC + m->hook_timeout_usec;
	case REMOVAL_HOLDING:
	case REMOVAL_ROLLING_BACK:
		return 15 * USEC_PER_SEC;
	case REMOVAL_DRAINING:
		return m->drain_timeout_usec;
	case REMOVAL_DETACHING:
		return 30 * USEC_PER_SEC;
	case REMOVAL_RESTORING:	/* one controller after the other */
		return PART_USEC * (m->parts ? m->parts : 1) +
		       m->hook_timeout_usec;
	case REMOVAL_QUEUED:
		return QUEUE_USEC;
	case REMOVAL_REQUESTED:
	case REMOVAL_DRAINED:
	case REMOVAL_DETACHED:
	case REMOVAL_RESTORED:
	case REMOVAL_REFUSED:
	case REMOVAL_ROLLED_BACK:
	case REMOVAL_FAILED:
	case _REMOVAL_STATE_MAX:
	case _REMOVAL_STATE_INVALID:
		break;
	}
	return 0;
}

uint64_t removal_part_deadline(const struct removal_machine *m, uint64_t now_usec)
{
	uint64_t deadline = now_usec + PART_USEC;

	return deadline < m->deadline_usec ? deadline : m->deadline_usec;
}

enum {
	ANY_KIND = -1,
	GONE_BEFORE = -2,	/* any that was detached: what waits is its restore */
	KEEP_ERROR = 0,		/* what is known already */
	TAKE_ERROR = -1,	/* the one that came with the input */
	CLEAR_ERROR = -2,
};

struct rule {
	enum removal_state from;
	enum removal_input input;
	int kind;		/* of the above, or an enum removal_kind */
	enum removal_state to;
	enum removal_action action;
	int error;		/* errno, or one of the above */
};

/* INPUT_TICK here means: the deadline has passed. The first that fits counts. */
static const struct rule rules[] = {
#define R(from, input, kind, to, action, error) \
	{ REMOVAL_##from, INPUT_##input, kind, REMOVAL_##to, ACTION_##action, error }
	R(REQUESTED, START,	ANY_KIND, CHECKING,	CHECK,	KEEP_ERROR),
	R(REQUESTED, CANCEL,	ANY_KIND, ROLLED_BACK,	FINISH,	ECANCELED),
	R(REQUESTED, RESTART,	ANY_KIND, ROLLED_BACK,	FINISH,	EINTR),

	R(REQUESTED, WAIT,	ANY_KIND, QUEUED,	NONE,	KEEP_ERROR),

	R(QUEUED, START,	GONE_BEFORE, RESTORING,	RESTORE, KEEP_ERROR),
	R(QUEUED, TICK,		GONE_BEFORE, FAILED,	FINISH,	ETIMEDOUT),
	R(QUEUED, CANCEL,	GONE_BEFORE, DETACHED,	FINISH,	ECANCELED),
	R(QUEUED, RESTART,	GONE_BEFORE, DETACHED,	FINISH,	EINTR),

	R(QUEUED, START,	ANY_KIND, CHECKING,	CHECK,	KEEP_ERROR),
	R(QUEUED, TICK,		ANY_KIND, REFUSED,	FINISH,	ETIMEDOUT),
	R(QUEUED, CANCEL,	ANY_KIND, ROLLED_BACK,	FINISH,	ECANCELED),
	R(QUEUED, RESTART,	ANY_KIND, ROLLED_BACK,	FINISH,	EINTR),

	R(CHECKING, OK,		ANY_KIND, HOLDING,	HOLD,	KEEP_ERROR),
	R(CHECKING, ERROR,	ANY_KIND, REFUSED,	FINISH,	TAKE_ERROR),
	R(CHECKING, GONE,	ANY_KIND, REFUSED,	FINISH,	ENXIO),
	R(CHECKING, TICK,	ANY_KIND, REFUSED,	FINISH,	ETIMEDOUT),
	R(CHECKING, CANCEL,	ANY_KIND, ROLLED_BACK,	FINISH,	ECANCELED),
	R(CHECKING, RESTART,	ANY_KIND, ROLLED_BACK,	FINISH,	EINTR),

	R(HOLDING, OK,		ANY_KIND, DRAINING,	WATCH,	KEEP_ERROR),
	R(HOLDING, ERROR,	ANY_KIND, ROLLING_BACK,	RELEASE, TAKE_ERROR),
	R(HOLDING, GONE,	ANY_KIND, ROLLING_BACK,	RELEASE, ENODEV),
	R(HOLDING, TICK,	ANY_KIND, ROLLING_BACK,	RELEASE, ETIMEDOUT),
	R(HOLDING, CANCEL,	ANY_KIND, ROLLING_BACK,	RELEASE, ECANCELED),
	R(HOLDING, RESTART,	ANY_KIND, ROLLING_BACK,	RELEASE, EINTR),

	R(DRAINING, OK,		KIND_DRAIN, DRAINED,	FINISH,	KEEP_ERROR),
	R(DRAINING, OK,		KIND_MAINTENANCE, DRAINED, FINISH, KEEP_ERROR),
	R(DRAINING, OK,		KIND_REMOVE, DETACHING,	DETACH,	KEEP_ERROR),
	R(DRAINING, ERROR,	ANY_KIND, ROLLING_BACK,	RELEASE, TAKE_ERROR),
	R(DRAINING, GONE,	ANY_KIND, ROLLING_BACK,	RELEASE, ENODEV),
	/* Who asked for a drain alone gets the hold that he asked for. */
	R(DRAINING, TICK,	KIND_DRAIN, FAILED,	FINISH,	ETIMEDOUT),
	R(DRAINING, TICK,	KIND_MAINTENANCE, ROLLING_BACK, RELEASE, ETIMEDOUT),
	R(DRAINING, TICK,	KIND_REMOVE, ROLLING_BACK, RELEASE, ETIMEDOUT),
	R(DRAINING, CANCEL,	ANY_KIND, ROLLING_BACK,	RELEASE, ECANCELED),
	R(DRAINING, RESTART,	ANY_KIND, ROLLING_BACK,	RELEASE, EINTR),

	R(DRAINED, RESTART,	ANY_KIND, DRAINED,	NONE,	KEEP_ERROR),

	R(DETACHING, OK,	ANY_KIND, DETACHED,	FINISH,	KEEP_ERROR),
	R(DETACHING, GONE,	ANY_KIND, DETACHED,	FINISH,	KEEP_ERROR),
	R(DETACHING, THERE,	ANY_KIND, ROLLING_BACK,	RELEASE, EINTR),
	R(DETACHING, ERROR,	ANY_KIND, ROLLING_BACK,	RELEASE, TAKE_ERROR),
	R(DETACHING, TICK,	ANY_KIND, ROLLING_BACK,	RELEASE, ETIMEDOUT),
	R(DETACHING, RESTART,	ANY_KIND, DETACHING,	PROBE,	KEEP_ERROR),

	R(DETACHED, RESTORE,	ANY_KIND, RESTORING,	RESTORE, CLEAR_ERROR),
	R(DETACHED, WAIT,	ANY_KIND, QUEUED,	NONE,	CLEAR_ERROR),
	R(DETACHED, RESTART,	ANY_KIND, DETACHED,	NONE,	KEEP_ERROR),

	R(RESTORING, OK,	ANY_KIND, RESTORED,	FINISH,	KEEP_ERROR),
	R(RESTORING, THERE,	ANY_KIND, RESTORED,	FINISH,	KEEP_ERROR),
	R(RESTORING, GONE,	ANY_KIND, DETACHED,	FINISH,	EINTR),
	R(RESTORING, ERROR,	ANY_KIND, FAILED,	FINISH,	TAKE_ERROR),
	R(RESTORING, TICK,	ANY_KIND, FAILED,	FINISH,	ETIMEDOUT),
	R(RESTORING, RESTART,	ANY_KIND, RESTORING,	PROBE,	KEEP_ERROR),

	R(RESTORED, RESTART,	ANY_KIND, RESTORED,	NONE,	KEEP_ERROR),
	R(REFUSED, RESTART,	ANY_KIND, REFUSED,	NONE,	KEEP_ERROR),

	R(ROLLING_BACK, OK,	ANY_KIND, ROLLED_BACK,	FINISH,	KEEP_ERROR),
	R(ROLLING_BACK, GONE,	ANY_KIND, FAILED,	FINISH,	KEEP_ERROR),
	R(ROLLING_BACK, ERROR,	ANY_KIND, FAILED,	FINISH,	TAKE_ERROR),
	R(ROLLING_BACK, TICK,	ANY_KIND, FAILED,	FINISH,	ETIMEDOUT),
	R(ROLLING_BACK, RESTART, ANY_KIND, ROLLING_BACK, RELEASE, KEEP_ERROR),

	R(ROLLED_BACK, RESTART,	ANY_KIND, ROLLED_BACK,	NONE,	KEEP_ERROR),

	R(FAILED, RESTORE,	ANY_KIND, RESTORING,	RESTORE, CLEAR_ERROR),
	R(FAILED, WAIT,		ANY_KIND, QUEUED,	NONE,	CLEAR_ERROR),
	R(FAILED, RESTART,	ANY_KIND, FAILED,	NONE,	KEEP_ERROR),
#undef R
};

static bool rule_fits(const struct rule *rule, const struct removal_machine *m)
{
	if (rule->kind == GONE_BEFORE)
		return m->was_detaching;
	return rule->kind == ANY_KIND || rule->kind == (int) m->kind;
}

static const struct rule *rule_find(const struct removal_machine *m,
				    enum removal_input input)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].from == m->state && rules[i].input == input &&
		    rule_fits(&rules[i], m))
			return &rules[i];
	return NULL;
}

static int next_error(const struct rule *rule, int known, int given)
{
	switch (rule->error) {
	case KEEP_ERROR:
		return known;
	case TAKE_ERROR:
		return given;
	case CLEAR_ERROR:
		return 0;
	default:
		return rule->error;
	}
}

static void apply(const struct rule *rule, int error, uint64_t now_usec,
		  struct removal_machine *m)
{
	uint64_t patience = patience_usec(m, rule->to);

	m->error = next_error(rule, m->error, error);
	m->state = rule->to;
	m->deadline_usec = patience ? now_usec + patience : 0;
	if (rule->action == ACTION_DETACH)
		m->was_detaching = true;
}

int removal_step(const struct removal_machine *m, enum removal_input input,
		 int error, uint64_t now_usec, struct removal_machine *ret,
		 enum removal_action *ret_action)
{
	const struct rule *rule = rule_find(m, input);

	if (!rule)
		return -EPROTO;
	/* Who rests and waits wants to be restored. */
	if ((input == INPUT_RESTORE ||
	     (input == INPUT_WAIT && removal_state_rests(m->state))) &&
	    !removal_can_restore(m))
		return -EPROTO;
	*ret = *m;
	*ret_action = ACTION_NONE;
	if (input == INPUT_TICK && now_usec < m->deadline_usec)
		return 0;
	apply(rule, error, now_usec, ret);
	*ret_action = rule->action;
	return 0;
}
