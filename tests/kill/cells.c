/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Prints every state and action in which a removal can be killed, as the core's
 * table has them, one a line: what the matrix has to walk. A step that changes
 * nothing and does nothing is none.
 */
#include <stdio.h>

#include "base/clock.h"
#include "core/removal.h"

static bool seen[_REMOVAL_STATE_MAX][_REMOVAL_ACTION_MAX];

static void step(enum removal_state state, enum removal_kind kind,
		 enum removal_input input)
{
	struct removal_machine m = {
		.state = state, .kind = kind, .parts = 1, .was_detaching = true,
		.drain_timeout_usec = USEC_PER_SEC, .deadline_usec = 1,
	};
	enum removal_action action;

	if (removal_step(&m, input, 1, 2, &m, &action) < 0)
		return;
	if (m.state != state || action != ACTION_NONE)
		seen[m.state][action] = true;
}

int main(void)
{
	seen[REMOVAL_REQUESTED][ACTION_NONE] = true;	/* where it begins */
	for (int s = 0; s < _REMOVAL_STATE_MAX; s++)
		for (int k = 0; k < _REMOVAL_KIND_MAX; k++)
			for (int i = 0; i < _REMOVAL_INPUT_MAX; i++)
				step((enum removal_state) s, (enum removal_kind) k,
				     (enum removal_input) i);
	for (int s = 0; s < _REMOVAL_STATE_MAX; s++)
		for (int a = 0; a < _REMOVAL_ACTION_MAX; a++)
			if (seen[s][a])
				printf("%s %s\n",
				       removal_state_to_string((enum removal_state) s),
				       removal_action_to_string((enum removal_action) a));
	return 0;
}
