/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/str.h"
#include "usable.h"

#define REASON_ENUM_(suffix, word) REASON_##suffix,
enum reason {
	NVMPATH_PATH_REASONS(REASON_ENUM_)
	_REASON_MAX,
};

#define REASON_WORD_(suffix, word) word,
static const char *const reasons[] = {
	NVMPATH_PATH_REASONS(REASON_WORD_)
};

static void add(struct path *p, enum reason reason)
{
	str_append(p->path_state, sizeof(p->path_state), "%s%s",
		   p->path_state[0] ? " " : "", reasons[reason]);
}

/*
 * As the kernel's nvme_path_is_disabled(): a controller being deleted still
 * takes I/O ("deleting (no IO)" does not).
 */
static bool controller_up(const char *state)
{
	return str_equal(state, "live") || str_equal(state, "deleting");
}

/* A controller without ANA shows no ana_state: all its paths are optimized. */
static void judge_ana(struct path *p)
{
	static const struct {
		const char *state;
		enum reason reason;
	} bad[] = {
		{ "inaccessible",	REASON_ANA_INACCESSIBLE },
		{ "persistent-loss",	REASON_ANA_PERSISTENT_LOSS },
		{ "change",		REASON_ANA_CHANGE },
	};

	if (!p->ana_state[0] || str_equal(p->ana_state, "optimized") ||
	    str_equal(p->ana_state, "non-optimized"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (str_equal(p->ana_state, bad[i].state)) {
			add(p, bad[i].reason);
			return;
		}
	/* 7.3 says "invalid state" for a moment after a path's creation. */
	add(p, REASON_ANA_UNKNOWN);
}

void path_judge(struct path *p, const char *controller_state,
		const char *reported)
{
	p->path_state[0] = '\0';
	if (reported[0]) {
		STR_COPY(p->path_state, reported);
	} else {
		if (str_equal(p->admin_state, "hold"))
			add(p, REASON_HELD);
		if (!controller_up(controller_state))
			add(p, REASON_CTRL_DOWN);
		judge_ana(p);
		if (!p->path_state[0])
			STR_COPY(p->path_state, NVMPATH_PATH_USABLE);
	}
	p->usable = str_equal(p->path_state, NVMPATH_PATH_USABLE);
}
