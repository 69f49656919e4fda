/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walks the removal machine from its beginning with every input, until no new
 * machine turns up, and asserts what must hold on every step of every walk.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "check.h"
#include "core/removal.h"

#define NOW_USEC	UINT64_C(1000000)
#define FAR_USEC	(UINT64_C(1) << 50)	/* past every deadline */
#define SEEN_MAX	1024

/* A machine together with what was done on the way to it. */
struct walker {
	struct removal_machine m;
	bool asked_hold;	/* ACTION_HOLD was given */
	bool held;		/* and it succeeded */
	bool drained;
	bool asked_detach;
	bool released;		/* RELEASE was asked for since the hold */
};

static struct walker seen[SEEN_MAX];
static size_t n_seen;

static bool same(const struct walker *a, const struct walker *b)
{
	return a->m.state == b->m.state && a->m.kind == b->m.kind &&
	       a->m.was_detaching == b->m.was_detaching &&
	       a->m.error == b->m.error && a->asked_hold == b->asked_hold &&
	       a->held == b->held && a->drained == b->drained &&
	       a->asked_detach == b->asked_detach && a->released == b->released;
}

static bool add(const struct walker *w)
{
	for (size_t i = 0; i < n_seen; i++)
		if (same(&seen[i], w))
			return false;
	assert_true(n_seen < SEEN_MAX);
	seen[n_seen++] = *w;
	return true;
}

static bool waits(enum removal_state s)
{
	return !removal_state_rests(s) && s != REMOVAL_REQUESTED;
}

static void assert_step(const struct walker *before, enum removal_input input,
			const struct walker *after, enum removal_action action)
{
	enum removal_state from = before->m.state, to = after->m.state;

	/* every waiting state has a deadline, no resting one has */
	assert_true(waits(to) == (after->m.deadline_usec != 0));

	/* no detach without a completed hold and a completed drain */
	if (action == ACTION_DETACH) {
		assert_true(before->held);
		assert_true(from == REMOVAL_DRAINING && input == INPUT_OK);
		assert_int_equal(after->m.kind, KIND_REMOVE);
	}
	if (to == REMOVAL_DETACHED && from != REMOVAL_DETACHED &&
	    from != REMOVAL_RESTORING)	/* and then once and for all */
		assert_true(before->asked_detach && before->drained);

	/* a resting removal of kind remove that held something let go of it */
	if (after->m.kind == KIND_REMOVE && removal_state_rests(to) &&
	    after->asked_hold)
		assert_true(after->asked_detach || after->released);
	/* a drain may keep its hold, but only where it says so */
	if (after->m.kind == KIND_MAINTENANCE && removal_state_rests(to) &&
	    after->asked_hold && !after->released)
		assert_int_equal(to, REMOVAL_DRAINED);
	if (after->m.kind == KIND_DRAIN && removal_state_rests(to) &&
	    after->asked_hold && !after->released)
		assert_true(to == REMOVAL_DRAINED ||
			    (to == REMOVAL_FAILED && after->m.error == ETIMEDOUT));

	/* once detaching nobody can call it off */
	if (input == INPUT_CANCEL)
		assert_true(from == REMOVAL_REQUESTED || from == REMOVAL_QUEUED ||
			    from == REMOVAL_CHECKING || from == REMOVAL_HOLDING || from == REMOVAL_DRAINING);

	/* what went wrong has an errno, what went well has none */
	if (to == REMOVAL_REFUSED || to == REMOVAL_ROLLED_BACK ||
	    to == REMOVAL_FAILED)
		assert_int_not_equal(after->m.error, 0);
	if (to == REMOVAL_DRAINED || to == REMOVAL_RESTORED)
		assert_int_equal(after->m.error, 0);

	/* a restore only of what was detached */
	if (action == ACTION_RESTORE)
		assert_true(before->m.was_detaching);
	/* one that waits for another has touched nothing, or waits to return */
	if (to == REMOVAL_QUEUED)
		assert_true(from == REMOVAL_REQUESTED ? !after->asked_hold :
			    removal_can_restore(&before->m));
	/* nothing is held again, or for the first time, once it was let go */
	if (action == ACTION_HOLD)
		assert_true(from == REMOVAL_CHECKING && !before->asked_hold);
	/* a state that is refused has touched nothing */
	if (to == REMOVAL_REFUSED)
		assert_false(after->asked_hold);
}

static void note_history(const struct walker *before, enum removal_input input,
			 struct walker *after, enum removal_action action)
{
	if (before->m.state == REMOVAL_HOLDING && after->m.state == REMOVAL_DRAINING)
		after->held = true;
	if (before->m.state == REMOVAL_DRAINING && input == INPUT_OK)
		after->drained = true;
	if (action == ACTION_HOLD)
		after->asked_hold = true;
	if (action == ACTION_DETACH)
		after->asked_detach = true;
	if (action == ACTION_RELEASE)
		after->released = true;
}

static void walk(const struct walker *from)
{
	for (int input = 0; input < _REMOVAL_INPUT_MAX; input++) {
		enum removal_action action = _REMOVAL_ACTION_INVALID;
		struct walker next = *from;
		uint64_t now = input == INPUT_TICK ? FAR_USEC : NOW_USEC;
		int error = input == INPUT_ERROR ? EIO : 0;
		int r;

		r = removal_step(&from->m, (enum removal_input) input, error, now,
				 &next.m, &action);
		if (r < 0) {
			assert_int_equal(r, -EPROTO);
			/* an illegal pair writes nothing */
			assert_memory_equal(&next.m, &from->m, sizeof(next.m));
			assert_int_equal(action, _REMOVAL_ACTION_INVALID);
			continue;
		}
		note_history(from, (enum removal_input) input, &next, action);
		assert_step(from, (enum removal_input) input, &next, action);
		if (add(&next))
			walk(&next);
	}
}

static void walk_from_start(enum removal_kind kind)
{
	struct walker w = {
		.m = {
			.state = REMOVAL_REQUESTED,
			.kind = kind,
			.drain_timeout_usec = 30 * NOW_USEC,
		},
	};

	n_seen = 0;
	assert_true(add(&w));
	walk(&w);
}

static void test_every_walk_of_a_removal_keeps_its_promises(void **state)
{
	bool reached[_REMOVAL_STATE_MAX] = {};

	(void) state;
	walk_from_start(KIND_REMOVE);
	for (size_t i = 0; i < n_seen; i++)
		reached[seen[i].m.state] = true;
	for (int s = 0; s < _REMOVAL_STATE_MAX; s++)
		assert_true(reached[s] == (s != REMOVAL_DRAINED));
}

static void assert_never_detaches(enum removal_kind kind)
{
	bool drained = false;

	walk_from_start(kind);
	for (size_t i = 0; i < n_seen; i++) {
		drained |= seen[i].m.state == REMOVAL_DRAINED;
		assert_int_not_equal(seen[i].m.state, REMOVAL_DETACHING);
		assert_int_not_equal(seen[i].m.state, REMOVAL_DETACHED);
		assert_int_not_equal(seen[i].m.state, REMOVAL_RESTORING);
	}
	assert_true(drained);
}

static void test_every_walk_of_a_drain_keeps_its_promises(void **state)
{
	(void) state;
	assert_never_detaches(KIND_DRAIN);
}

static void test_every_walk_of_a_maintenance_keeps_its_promises(void **state)
{
	(void) state;
	assert_never_detaches(KIND_MAINTENANCE);
}

/* A hold for maintenance that does not get quiet is given back. */
static void test_a_maintenance_that_runs_out_of_time_is_undone(void **state)
{
	struct removal_machine m = {
		.state = REMOVAL_DRAINING, .kind = KIND_MAINTENANCE,
		.deadline_usec = NOW_USEC,
	};
	enum removal_action action;

	(void) state;
	assert_int_equal(removal_step(&m, INPUT_TICK, 0, NOW_USEC, &m, &action), 0);
	assert_int_equal(m.state, REMOVAL_ROLLING_BACK);
	assert_int_equal(action, ACTION_RELEASE);
}

static void test_a_restore_has_time_for_each_controller(void **state)
{
	struct removal_machine one = {
		.state = REMOVAL_DETACHED, .kind = KIND_REMOVE, .was_detaching = true,
	}, four = one;
	enum removal_action action;

	(void) state;
	four.parts = 4;
	assert_int_equal(removal_step(&one, INPUT_RESTORE, 0, 0, &one, &action), 0);
	assert_int_equal(removal_step(&four, INPUT_RESTORE, 0, 0, &four, &action), 0);
	assert_int_equal(four.deadline_usec, 4 * one.deadline_usec);
}

/* One after the other; what a hook did not take is nobody's. */
static void test_a_controller_that_takes_its_time_takes_nobody_elses(void **state)
{
	struct removal_machine m = {
		.state = REMOVAL_DETACHED, .kind = KIND_REMOVE, .was_detaching = true,
		.parts = 3, .hook_timeout_usec = 10 * NOW_USEC,
	};
	enum removal_action action;
	uint64_t now = NOW_USEC, deadline;

	(void) state;
	assert_int_equal(removal_step(&m, INPUT_RESTORE, 0, now, &m, &action), 0);
	now += m.hook_timeout_usec;
	for (unsigned i = 0; i < m.parts; i++) {
		deadline = removal_part_deadline(&m, now);
		assert_int_equal(deadline, now + 30 * NOW_USEC);
		assert_true(deadline <= m.deadline_usec);
		now = deadline;
	}
	assert_int_equal(removal_part_deadline(&m, now - 1), m.deadline_usec);
	assert_int_equal(removal_part_deadline(&m, FAR_USEC), m.deadline_usec);
}

/* From every state that waits there is a way out that time alone takes. */
static void test_no_state_waits_for_ever(void **state)
{
	(void) state;
	walk_from_start(KIND_REMOVE);
	for (size_t i = 0; i < n_seen; i++) {
		struct removal_machine m = seen[i].m;
		enum removal_action action;

		for (int steps = 0; waits(m.state); steps++) {
			assert_true(steps < 4);
			assert_int_equal(removal_step(&m, INPUT_TICK, 0, FAR_USEC * (uint64_t) (steps + 1),
						      &m, &action), 0);
		}
	}
}

static void test_a_tick_before_the_deadline_changes_nothing(void **state)
{
	struct removal_machine m = {
		.state = REMOVAL_DRAINING, .kind = KIND_REMOVE,
		.deadline_usec = NOW_USEC,
	}, next;
	enum removal_action action;

	(void) state;
	assert_int_equal(removal_step(&m, INPUT_TICK, 0, NOW_USEC - 1, &next, &action), 0);
	assert_int_equal(next.state, REMOVAL_DRAINING);
	assert_int_equal(action, ACTION_NONE);
	assert_int_equal(removal_step(&m, INPUT_TICK, 0, NOW_USEC, &next, &action), 0);
	assert_int_equal(next.state, REMOVAL_ROLLING_BACK);
	assert_int_equal(next.error, ETIMEDOUT);
	assert_int_equal(action, ACTION_RELEASE);
}

static void test_a_drain_that_runs_out_of_time_stays_held(void **state)
{
	struct removal_machine m = {
		.state = REMOVAL_DRAINING, .kind = KIND_DRAIN,
		.deadline_usec = NOW_USEC,
	};
	enum removal_action action;

	(void) state;
	assert_int_equal(removal_step(&m, INPUT_TICK, 0, NOW_USEC, &m, &action), 0);
	assert_int_equal(m.state, REMOVAL_FAILED);
	assert_int_equal(action, ACTION_FINISH);
	assert_false(removal_can_restore(&m));
}

static void test_restart_undoes_what_was_not_detached(void **state)
{
	static const enum removal_state held[] = {
		REMOVAL_HOLDING, REMOVAL_DRAINING, REMOVAL_ROLLING_BACK,
	};
	struct removal_machine next;
	enum removal_action action;

	(void) state;
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
		struct removal_machine m = { .state = held[i], .kind = KIND_REMOVE };

		assert_int_equal(removal_step(&m, INPUT_RESTART, 0, NOW_USEC, &next,
					      &action), 0);
		assert_int_equal(next.state, REMOVAL_ROLLING_BACK);
		assert_int_equal(action, ACTION_RELEASE);
	}
}

static void test_restart_while_detaching_looks_first(void **state)
{
	struct removal_machine m = {
		.state = REMOVAL_DETACHING, .kind = KIND_REMOVE, .was_detaching = true,
	}, there, gone;
	enum removal_action action;

	(void) state;
	assert_int_equal(removal_step(&m, INPUT_RESTART, 0, NOW_USEC, &m, &action), 0);
	assert_int_equal(action, ACTION_PROBE);
	assert_int_equal(removal_step(&m, INPUT_GONE, 0, NOW_USEC, &gone, &action), 0);
	assert_int_equal(gone.state, REMOVAL_DETACHED);
	assert_true(removal_can_restore(&gone));
	assert_int_equal(removal_step(&m, INPUT_THERE, 0, NOW_USEC, &there, &action), 0);
	assert_int_equal(there.state, REMOVAL_ROLLING_BACK);
	assert_int_equal(there.error, EINTR);
}

static void test_a_failed_restore_can_be_tried_again(void **state)
{
	struct removal_machine m = {
		.state = REMOVAL_RESTORING, .kind = KIND_REMOVE, .was_detaching = true,
	};
	enum removal_action action;

	(void) state;
	assert_int_equal(removal_step(&m, INPUT_ERROR, ENXIO, NOW_USEC, &m, &action), 0);
	assert_int_equal(m.state, REMOVAL_FAILED);
	assert_int_equal(m.error, ENXIO);
	assert_true(removal_can_restore(&m));
	assert_int_equal(removal_step(&m, INPUT_RESTORE, 0, NOW_USEC, &m, &action), 0);
	assert_int_equal(action, ACTION_RESTORE);
	assert_int_equal(m.error, 0);
}

/* What waits to return is as it was when it does not come to that. */
static void test_a_queued_restore_goes_back_to_detached(void **state)
{
	struct removal_machine m = {
		.state = REMOVAL_DETACHED, .kind = KIND_REMOVE, .was_detaching = true,
	}, next;
	struct removal_machine drain = {
		.state = REMOVAL_FAILED, .kind = KIND_DRAIN, .error = ETIMEDOUT,
	};
	enum removal_action action;

	(void) state;
	assert_int_equal(removal_step(&m, INPUT_WAIT, 0, NOW_USEC, &m, &action), 0);
	assert_int_equal(m.state, REMOVAL_QUEUED);
	assert_int_equal(removal_step(&m, INPUT_START, 0, NOW_USEC, &next, &action), 0);
	assert_int_equal(next.state, REMOVAL_RESTORING);
	assert_int_equal(action, ACTION_RESTORE);
	assert_int_equal(removal_step(&m, INPUT_CANCEL, 0, NOW_USEC, &next, &action), 0);
	assert_int_equal(next.state, REMOVAL_DETACHED);
	assert_int_equal(removal_step(&m, INPUT_RESTART, 0, NOW_USEC, &next, &action), 0);
	assert_int_equal(next.state, REMOVAL_DETACHED);
	assert_true(removal_can_restore(&next));
	assert_int_equal(removal_step(&drain, INPUT_WAIT, 0, NOW_USEC, &next, &action), -EPROTO);
}

static void test_words_go_both_ways(void **state)
{
	(void) state;
	for (int i = 0; i < _REMOVAL_STATE_MAX; i++)
		assert_int_equal(removal_state_from_string(
			removal_state_to_string((enum removal_state) i)), i);
	for (int i = 0; i < _REMOVAL_KIND_MAX; i++)
		assert_int_equal(removal_kind_from_string(
			removal_kind_to_string((enum removal_kind) i)), i);
	for (int i = 0; i < _REMOVAL_INPUT_MAX; i++)
		assert_int_equal(removal_input_from_string(
			removal_input_to_string((enum removal_input) i)), i);
	for (int i = 0; i < _REMOVAL_ACTION_MAX; i++)
		assert_int_equal(removal_action_from_string(
			removal_action_to_string((enum removal_action) i)), i);
	assert_int_equal(removal_state_from_string("gone"), _REMOVAL_STATE_INVALID);
	assert_null(removal_state_to_string(_REMOVAL_STATE_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_walk_of_a_removal_keeps_its_promises),
		cmocka_unit_test(test_every_walk_of_a_drain_keeps_its_promises),
		cmocka_unit_test(test_every_walk_of_a_maintenance_keeps_its_promises),
		cmocka_unit_test(test_a_maintenance_that_runs_out_of_time_is_undone),
		cmocka_unit_test(test_a_restore_has_time_for_each_controller),
		cmocka_unit_test(test_a_controller_that_takes_its_time_takes_nobody_elses),
		cmocka_unit_test(test_no_state_waits_for_ever),
		cmocka_unit_test(test_a_tick_before_the_deadline_changes_nothing),
		cmocka_unit_test(test_a_drain_that_runs_out_of_time_stays_held),
		cmocka_unit_test(test_restart_undoes_what_was_not_detached),
		cmocka_unit_test(test_restart_while_detaching_looks_first),
		cmocka_unit_test(test_a_failed_restore_can_be_tried_again),
		cmocka_unit_test(test_a_queued_restore_goes_back_to_detached),
		cmocka_unit_test(test_words_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
